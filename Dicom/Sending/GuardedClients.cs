using System.Net;
using System.Net.Sockets;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;
using FellowOakDicom.Network.Tls;
using HSENet.Dicom.Guarding;

namespace HSENet.Dicom.Sending;

/// <summary>
/// Makes the toolkit's clients. Everything that protects an association of ours, TLS included, hangs on the toolkit's calling
/// <see cref="ITlsInitiator"/> for each connection that it opens. Whether it does is tried on a connection to this very machine, before
/// anything is opened to a peer: one that does not call it would send reports in plain text to whoever answers.
/// </summary>
/// <param name="create">The toolkit's factory: host, port, hook, calling and called title.</param>
internal sealed class GuardedClients(Func<string, int, ITlsInitiator, string, string, IDicomClient> create)
{
    private const string Title = "HSENET";

    private volatile bool _isGuarded;

    /// <summary>For the toolkit to connect and to call the hook.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(2);

    public static GuardedClients OfToolkit { get; } = new(DicomClientFactory.Create);

    public IDicomClient Create(RemoteNode node, ITlsInitiator hook) => create(node.Host, node.Port, hook, node.CallingAe, node.CalledAe);

    /// <summary>Only that it does is remembered: whatever else was found is looked at anew before the next association.</summary>
    /// <returns>Null: the toolkit calls the hook. A failure that is not transient: it does not, and nothing may be sent.</returns>
    public async Task<SendOutcome.Failed?> CheckAsync(CancellationToken cancellationToken)
    {
        if (_isGuarded)
            return null;
        var failure = await TryAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        _isGuarded |= failure is null;
        return failure;
    }

    /// <summary>
    /// A toolkit that does not call the hook is known by what it says without it; one that says nothing is late, on a busy machine.
    /// </summary>
    private async Task<SendOutcome.Failed?> TryAsync()
    {
        var hook = new Trial();
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            using var end = new CancellationTokenSource();
            var speaking = SpeaksAsync(listener, end.Token);
            var associating = AssociateAsync(((IPEndPoint)listener.LocalEndpoint).Port, hook);
            await (await Task.WhenAny(associating, speaking).ConfigureAwait(false)).ConfigureAwait(false);
            await end.CancelAsync().ConfigureAwait(false);
            if (await speaking.ConfigureAwait(false))
                return SendFailure.Unguarded;
            if (hook.IsCalled)
                return null;
        }
        catch (SocketException e)
        {
            return new("delivery.unreachable", $"no connection within this machine: {e.SocketErrorCode}", IsTransient: true);
        }

        return new("delivery.unreachable", "no connection within this machine in time", IsTransient: true);
    }

    /// <returns>Whether an association was asked for in plain text, before the end.</returns>
    private static async Task<bool> SpeaksAsync(TcpListener listener, CancellationToken end)
    {
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptSocketAsync(end).ConfigureAwait(false);
                if (await FirstByteAsync(connection, end).ConfigureAwait(false) == (byte)PduKind.AssociateRequest)
                    return true;
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <returns>0 when nothing comes.</returns>
    private static async Task<byte> FirstByteAsync(Socket connection, CancellationToken end)
    {
        var first = new byte[1];
        try
        {
            await connection.ReceiveAsync(first, end).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // it was closed
        }

        return first[0];
    }

    private async Task AssociateAsync(int port, Trial hook)
    {
        var client = create(IPAddress.Loopback.ToString(), port, hook, Title, Title);
        client.ClientOptions.AssociationRequestTimeoutInMs = (int)Limit.TotalMilliseconds;
        client.ClientOptions.MaximumNumberOfConsecutiveTimedOutAssociationRequests = 1;
        await client.AddRequestAsync(new DicomCEchoRequest()).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(2 * Limit);
        try
        {
            var sending = Task.Run(() => client.SendAsync(limit.Token, DicomClientCancellationMode.ImmediatelyAbortAssociation));
            await sending.WaitAsync(limit.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // the hook ends the connection, nobody answers without it: what counts is which of them it was
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private sealed class Trial : ITlsInitiator
    {
        private int _isCalled;

        public bool IsCalled => Volatile.Read(ref _isCalled) == 1;

        public Stream InitiateTls(Stream plainStream, string remoteAddress, int remotePort)
        {
            Volatile.Write(ref _isCalled, 1);
            throw new IOException("Nothing is to be sent.");
        }
    }
}
