using System.Net;
using System.Net.Sockets;

namespace HSENet.TestKit;

/// <summary>TCP ports for the peers of a test.</summary>
public static class FreePort
{
    // below the range that the kernel hands to outgoing connections, so that none of those takes a port between Next and its use
    private const int Lowest = 20000;
    private const int Count = 12000;
    private static int _offset = Environment.ProcessId * 37 % Count;

    /// <summary>A port that is free on every address, handed out once per process.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = Lowest + (int)((uint)Interlocked.Increment(ref _offset) % Count);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Any, port));
                return port;
            }
            catch (SocketException)
            {
                // taken: try the next one
            }
        }

        throw new InvalidOperationException("No TCP port is free.");
    }
}
