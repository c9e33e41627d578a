using System.Net;
using System.Net.Sockets;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;
using FellowOakDicom.Network.Tls;

namespace HSENet.Dicom.Sending;

/// <summary>
/// Makes the toolkit's clients. Everything that protects an association of ours, TLS included, hangs on the toolkit's calling
/// <see cref="ITlsInitiator"/> for each connection that it opens. Whether it does is tried once, on a connection to this very machine,
/// before anything is opened to a peer: one that does not call it would send reports in plain text to whoever answers.
/// </summary>
/// <param name="create">The toolkit's factory: host, port, hook, calling and called title.</param>
internal sealed class GuardedClients(Func<string, int, ITlsInitiator, string, string, IDicomClient> create)
{
    private const string Title = "HSENET";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private volatile bool _isDecided;
    private volatile SendOutcome.Failed? _verdict;

    public static GuardedClients OfToolkit { get; } = new(DicomClientFactory.Create);

    public IDicomClient Create(RemoteNode node, ITlsInitiator hook) => create(node.Host, node.Port, hook, node.CallingAe, node.CalledAe);

    /// <returns>Null: the toolkit calls the hook. A failure that is not transient: it does not, and nothing may be sent.</returns>
    public async Task<SendOutcome.Failed?> CheckAsync(CancellationToken cancellationToken)
    {
        if (_isDecided)
            return _verdict;
        var verdict = await TryAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        _verdict = verdict;
        _isDecided = verdict is not { IsTransient: true };
        return verdict;
    }

    private async Task<SendOutcome.Failed?> TryAsync()
    {
        var hook = new Trial();
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            await AssociateAsync(((IPEndPoint)listener.LocalEndpoint).Port, hook).ConfigureAwait(false);
            if (hook.IsCalled)
                return null;
            if (listener.Pending())
                return SendFailure.Unguarded;
        }
        catch (SocketException e)
        {
            return new("delivery.unreachable", $"no connection within this machine: {e.SocketErrorCode}", IsTransient: true);
        }

        return new("delivery.unreachable", "no connection within this machine", IsTransient: true);
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
            var sending = client.SendAsync(limit.Token, DicomClientCancellationMode.ImmediatelyAbortAssociation);
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
