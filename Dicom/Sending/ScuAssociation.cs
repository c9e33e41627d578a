using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;
using HSENet.Dicom.Files;
using HSENet.Dicom.Guarding;
using HSENet.Dicom.Security;

namespace HSENet.Dicom.Sending;

/// <summary>One association as requestor, with every setting and time limit said explicitly.</summary>
internal sealed class ScuAssociation : IAsyncDisposable
{
    private const uint MaximumPduLength = 131072;

    private readonly IDicomClient _client;
    private readonly GuardedClients _clients;
    private readonly GuardedInitiator _guard;
    private readonly ScuLimits _limits;
    private readonly CancellationTokenSource _limit = new();
    private readonly HashSet<string> _accepted = [];
    private volatile bool _wasAccepted;
    private volatile bool _hasTimedOut;
    private volatile bool _isUnguarded;

    public ScuAssociation(RemoteNode node, ScuLimits limits)
        : this(node, limits, GuardedClients.OfToolkit)
    {
    }

    /// <param name="node">The peer.</param>
    /// <param name="limits">How long to wait for what.</param>
    /// <param name="clients">Of the toolkit.</param>
    internal ScuAssociation(RemoteNode node, ScuLimits limits, GuardedClients clients)
    {
        _limits = limits;
        _clients = clients;
        ImplementationIdentity.Announce();
        _guard = new GuardedInitiator(
            new GuardLimits { MaximumPduLength = (int)MaximumPduLength }, node.Tls is null ? null : new TlsInitiator(node.Tls));
        _client = clients.Create(node, _guard);
        _client.ServiceOptions.MaxPDULength = MaximumPduLength;
        _client.ServiceOptions.TcpNoDelay = true;
        _client.ServiceOptions.RequestTimeout = limits.Response;
        _client.ClientOptions.AssociationRequestTimeoutInMs = (int)limits.Associate.TotalMilliseconds;
        _client.ClientOptions.AssociationReleaseTimeoutInMs = (int)limits.Release.TotalMilliseconds;
        _client.ClientOptions.AssociationLingerTimeoutInMs = 0;
        _client.ClientOptions.MaximumNumberOfRequestsPerAssociation = null;
        _client.ClientOptions.MaximumNumberOfConsecutiveTimedOutAssociationRequests = 1;
        _client.AssociationAccepted += (_, e) => OnAccepted(e.Association);
    }

    public Task AddAsync(DicomRequest request)
    {
        request.OnTimeout += (_, _) =>
        {
            _hasTimedOut = true;
            _limit.Cancel();
        };
        return _client.AddRequestAsync(request);
    }

    /// <summary>Proposes a class of which nothing is sent, to learn whether the peer takes it.</summary>
    public void Propose(DicomUID sopClass)
    {
        var context = new DicomPresentationContext(1, sopClass);
        context.AddTransferSyntax(DicomTransferSyntax.ExplicitVRLittleEndian);
        context.AddTransferSyntax(DicomTransferSyntax.ImplicitVRLittleEndian);
        _client.AdditionalPresentationContexts.Add(context);
    }

    /// <summary>SOP classes that the peer takes in some transfer syntax.</summary>
    public IReadOnlyList<string> Accepted
    {
        get
        {
            lock (_accepted)
                return [.. _accepted];
        }
    }

    /// <summary>Proposes a class with the roles reversed: we are its SCP (PS3.7 D.3.3.4).</summary>
    public void ProposeAsProvider(DicomUID sopClass) =>
        _client.AdditionalPresentationContexts.Add(DicomPresentationContext.GetScpRolePresentationContext(sopClass));

    /// <summary>Takes events of the peer, also for a while after the last response.</summary>
    public void ListenForEvents(Func<DicomNEventReportRequest, MessageRefusal?, Task<DicomNEventReportResponse>> handler, TimeSpan linger)
    {
        _client.OnNEventReportRequest = request => handler(request, _guard.TakeRefusal(request.MessageID));
        _client.ClientOptions.AssociationLingerTimeoutInMs = (int)linger.TotalMilliseconds;
    }

    /// <summary>Whether the peer takes this SOP class in some transfer syntax.</summary>
    public bool Accepts(string? sopClassUid)
    {
        lock (_accepted)
            return sopClassUid is not null && _accepted.Contains(sopClassUid);
    }

    /// <summary>Connects, sends what was added, releases. What the peer does is returned, not thrown.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled; the association was aborted.</exception>
    public async Task<SendOutcome.Failed?> RunAsync(CancellationToken cancellationToken)
    {
        if (await _clients.CheckAsync(cancellationToken).ConfigureAwait(false) is { } fault)
            return fault;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, cancellationToken);
        _limit.CancelAfter(_limits.Connect + _limits.Associate); // until accepted; the toolkit may limit the association request alone
        try
        {
            await SendAsync(stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && SendFailure.Of(e, _wasAccepted, _limits) is not null)
        {
            return Limit() ?? SendFailure.Of(e, _wasAccepted, _limits);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Limit();
    }

    public ValueTask DisposeAsync()
    {
        _limit.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SendAsync(CancellationToken stop)
    {
        var sending = _client.SendAsync(stop, DicomClientCancellationMode.ImmediatelyAbortAssociation);
        try
        {
            await sending.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!sending.IsCompleted)
        {
            try
            {
                await sending.WaitAsync(_limits.Abort, CancellationToken.None).ConfigureAwait(false); // the abort is on its way
            }
            catch (TimeoutException e)
            {
                throw new DicomNetworkException("The association could not be aborted in time.", e);
            }
        }
    }

    private SendOutcome.Failed? Limit()
    {
        if (_isUnguarded)
            return SendFailure.Unguarded;
        if (_hasTimedOut)
            return SendFailure.Timeout(_limits.Response, "response");
        if (!_limit.IsCancellationRequested)
            return null;
        return _wasAccepted ? SendFailure.Timeout(_limits.Longest, "end of the association") : SendFailure.Timeout(_limits.Connect + _limits.Associate, "association");
    }

    /// <summary>Before the first request is sent.</summary>
    private void OnAccepted(DicomAssociation association)
    {
        if (!_guard.TakeAccepted())
        {
            _isUnguarded = true;
            _limit.Cancel();
            throw new DicomNetworkException("The connection did not pass the guard."); // whatever becomes of the cancellation, nothing is sent
        }

        _wasAccepted = true;
        _limit.CancelAfter(_limits.Longest);
        lock (_accepted)
        {
            foreach (var context in association.PresentationContexts.Where(c => c.Result == DicomPresentationContextResult.Accept))
                _accepted.Add(context.AbstractSyntax.UID);
        }
    }
}
