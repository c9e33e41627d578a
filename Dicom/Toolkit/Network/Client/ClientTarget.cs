using System.Net.Sockets;
using FellowOakDicom.Network.Tls;

namespace FellowOakDicom.Network.Client;

/// <summary>Whom a client talks to, and as whom.</summary>
internal sealed record ClientTarget(string Host, int Port, ITlsInitiator? TlsInitiator, string CallingAe, string CalledAe)
{
    /// <summary>Connects, with the TLS handshake if there is one.</summary>
    public async Task<TcpNetworkStream> ConnectAsync(bool noDelay, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = noDelay };
        try
        {
            await socket.ConnectAsync(Host, Port, cancellationToken);
            var plain = new NetworkStream(socket, ownsSocket: false);
            return new TcpNetworkStream(socket, TlsInitiator is null ? plain : await InitiateTlsAsync(TlsInitiator, socket, plain, cancellationToken));
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("Not connected in time", exception, cancellationToken);
            }

            throw new DicomNetworkException($"No connection to {Host}:{Port}", exception);
        }
    }

    // The handshake is the initiator's, and synchronous: it gets a thread of its own, and loses its socket when time is up.
    private async Task<Stream> InitiateTlsAsync(ITlsInitiator initiator, Socket socket, NetworkStream plain, CancellationToken cancellationToken)
    {
        await using var closing = cancellationToken.Register(socket.Dispose);
        return await Task.Factory.StartNew(
            () => initiator.InitiateTls(plain, Host, Port), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
