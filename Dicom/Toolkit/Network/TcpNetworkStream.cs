using System.Net;
using System.Net.Sockets;

namespace FellowOakDicom.Network;

/// <summary>A TCP connection, possibly with TLS around its stream.</summary>
internal sealed class TcpNetworkStream : INetworkStream
{
    private readonly Socket _socket;
    private readonly Stream _stream;

    /// <param name="socket">Connected; owned from here on.</param>
    /// <param name="stream">What the association reads and writes.</param>
    public TcpNetworkStream(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
        (RemoteHost, RemotePort) = Split(socket.RemoteEndPoint);
        (LocalHost, LocalPort) = Split(socket.LocalEndPoint);
    }

    public string RemoteHost { get; }

    public string LocalHost { get; }

    public int RemotePort { get; }

    public int LocalPort { get; }

    public Stream AsStream() => _stream;

    /// <summary>Tells the peer that nothing more comes, so that it sees our last PDU and then the end.</summary>
    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The connection is gone already.
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private static (string Host, int Port) Split(EndPoint? endPoint) => endPoint is IPEndPoint ip
        ? ((ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address).ToString(), ip.Port)
        : ("", 0);
}
