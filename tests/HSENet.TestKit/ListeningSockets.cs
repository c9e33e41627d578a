using System.Globalization;
using System.Net.NetworkInformation;

namespace HSENet.TestKit;

/// <summary>The kernel's list of listening TCP sockets: tells that a peer is ready without disturbing it.</summary>
public static class ListeningSockets
{
    private const string Listening = "0A";

    /// <summary>Whether some process listens on <paramref name="port"/>.</summary>
    public static bool Contains(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(e => e.Port == port);

    /// <summary>The TCP ports that one process listens on: its open sockets, looked up in /proc/net/tcp and tcp6.</summary>
    public static IReadOnlyList<int> Of(int processId)
    {
        var own = OpenFiles.Of(processId).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. ((string[])["tcp", "tcp6"])
                .SelectMany(table => File.ReadLines($"/proc/{processId}/net/{table}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)) // sl local remote state queues timer retransmits uid timeout inode
                .Where(f => f[3] == Listening && own.Contains($"socket:[{f[9]}]"))
                .Select(f => int.Parse(f[1].AsSpan(f[1].LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        ];
    }
}
