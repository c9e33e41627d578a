using System.Net.NetworkInformation;

namespace HSENet.TestKit;

/// <summary>The kernel's list of listening TCP sockets: tells that a peer is ready without disturbing it.</summary>
public static class ListeningSockets
{
    /// <summary>Whether some process listens on <paramref name="port"/>.</summary>
    public static bool Contains(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(e => e.Port == port);
}
