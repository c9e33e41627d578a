using System.Net;
using System.Net.Sockets;

namespace HSENet.Dicom.Receiving;

/// <summary>Whether a port can be listened on. Toolkits free theirs when they please.</summary>
internal static class ListeningPort
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="HSENetDicomException"><c>receive.listen</c>: it is taken, or not ours.</exception>
    public static void EnsureFree(string address, int port)
    {
        if (port > 0 && Problem(address, port) is { } problem)
            throw new HSENetDicomException("receive.listen", $"Cannot listen on {address}:{port}.", problem);
    }

    /// <returns>False: it is still taken after some seconds.</returns>
    public static async Task<bool> IsFreeSoonAsync(string address, int port)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (Problem(address, port) is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            if (limit.IsCancellationRequested)
                return false;
            await Task.Delay(Pause).ConfigureAwait(false);
        }

        return true;
    }

    private static Exception? Problem(string address, int port)
    {
        try
        {
            var endPoint = new IPEndPoint(IPAddress.Parse(address), port);
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endPoint);
            socket.Listen();
            return null;
        }
        catch (Exception e) when (e is SocketException or FormatException)
        {
            return e;
        }
    }
}
