using System.Text;
using FellowOakDicom.IO;
using FellowOakDicom.Network.Dimse;
using FellowOakDicom.Network.Pdu;
using Microsoft.Extensions.Logging;

namespace FellowOakDicom.Network;

/// <summary>
/// One side of an association: the upper layer of PS3.8 and the message exchange of PS3.7 over one connection. One loop reads, and calls the
/// service's handlers one after the other; one loop writes.
/// </summary>
public abstract partial class DicomService : IDisposable
{
    /// <summary>Where the bytes of the instance being received go, exactly as received; null when none is.</summary>
    protected Stream? _dimseStream;

    /// <summary>The file behind <see cref="_dimseStream"/>, when there is one.</summary>
    protected IFileReference? _dimseStreamFile;

    private readonly INetworkStream _network;
    private readonly TimeProvider _time;
    private readonly Encoding? _fallbackEncoding;
    private readonly PduReader _reader;
    private readonly PduWriter _writer;
    private readonly Watchdog _readTimer;
    private volatile AssociationState _state;
    private volatile bool _isConnected = true;
    private volatile bool _hasSendFailed;
    private bool _requestHadAsyncOps;
    private bool _isRequestor;
    private int _window = 1;

    protected DicomService(INetworkStream stream, Encoding? fallbackEncoding, ILogger logger, DicomServiceDependencies dependencies)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentNullException.ThrowIfNull(dependencies);
        _network = stream;
        _time = dependencies.Time;
        _fallbackEncoding = fallbackEncoding;
        Logger = logger;
        _reader = new PduReader(stream.AsStream());
        _writer = new PduWriter(stream.AsStream(), dependencies.Time, OnSendFailed);
        _readTimer = new Watchdog(dependencies.Time, () => State != AssociationState.Established || _operations.IsIdle);
    }

    public ILogger Logger { get; set; }

    public DicomServiceOptions Options { get; set; } = new();

    /// <summary>What was given to the server as user state.</summary>
    public object? UserState { get; set; }

    /// <summary>Null until there is a request for one.</summary>
    public DicomAssociation? Association { get; private protected set; }

    public bool IsConnected => _isConnected;

    /// <summary>Asks the server for room when an association is requested; false: it is rejected. Null: there always is.</summary>
    internal Func<bool>? TryEnter { get; set; }

    /// <summary>Tells the server what became of the request that had room: accepted, or not.</summary>
    internal Action<bool>? Entered { get; set; }

    private protected AssociationState State
    {
        get => _state;
        set => _state = value;
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Sends a request; completes when it is handed to the transport. The responses come to the request's own callback, or there is a call of
    /// <see cref="DicomRequest.OnTimeout"/> when <see cref="DicomServiceOptions.RequestTimeout"/> is over: then a later response is passed over.
    /// </summary>
    /// <exception cref="DicomNetworkException">There is no association, or the connection is gone.</exception>
    public virtual async Task SendRequestAsync(DicomRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (State != AssociationState.Established || Association is null)
        {
            throw new DicomNetworkException("There is no association to send a request on");
        }

        if (RequestContext.Find(Association, request, _isRequestor) is not { } context)
        {
            request.PostResponse(request.CreateResponse(DicomStatus.SOPClassNotSupported));
            return;
        }

        request.PresentationContext = context;
        using var data = RequestContext.Encode(request, context);
        var outstanding = new OutstandingRequest(request);
        _outstanding[request.MessageID] = outstanding;
        await _writer.SendAsync(Frame(context.ID, request.Command, data));
        request.OnRequestSent?.Invoke(request, new DicomRequest.OnRequestSentEventArgs());
        if (Options.RequestTimeout is { } limit)
        {
            outstanding.Start(_time, limit, OnExpired);
        }
    }

    /// <summary>Sends a response, with its data set if it has one.</summary>
    protected async Task SendResponseAsync(DicomResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var context = response.PresentationContext ?? throw new DicomNetworkException("A response needs the context of its request");
        using var data = RequestContext.Encode(response, context);
        await _writer.SendAsync(Frame(context.ID, response.Command, data));
    }

    /// <summary>Accepts; contexts without a result are refused without a reason. Ignored when the request was answered already.</summary>
    protected Task SendAssociationAcceptAsync(DicomAssociation association)
    {
        ArgumentNullException.ThrowIfNull(association);
        if (State != AssociationState.AwaitingReply)
        {
            Logger.SecondAnswer();
            return Task.CompletedTask;
        }

        foreach (var context in association.PresentationContexts.Where(c => c.Result == DicomPresentationContextResult.Proposed))
        {
            context.SetResult(DicomPresentationContextResult.RejectNoReason);
        }

        _reader.MaximumDataLength = PduLimits.Effective(Options.MaxPDULength);
        _window = _requestHadAsyncOps ? association.GrantedWindow.Invoked : 1;
        State = AssociationState.Established;
        return _writer.SendAsync(AssociatePdu.Accept(association, _reader.MaximumDataLength, _requestHadAsyncOps));
    }

    /// <summary>Rejects. Ignored when the request was answered already.</summary>
    protected Task SendAssociationRejectAsync(DicomRejectResult result, DicomRejectSource source, DicomRejectReason reason)
    {
        if (State != AssociationState.AwaitingReply)
        {
            Logger.SecondAnswer();
            return Task.CompletedTask;
        }

        State = AssociationState.Closing;
        return _writer.SendAsync(FixedPdu.Reject(result, source, reason));
    }

    protected Task SendAssociationReleaseResponseAsync()
    {
        if (State != AssociationState.AwaitingReleaseReply)
        {
            // Answered by the service's own handler already, or aborted.
            return Task.CompletedTask;
        }

        State = AssociationState.Closing;
        return _writer.SendAsync(FixedPdu.ReleaseResponse());
    }

    /// <summary>Ends the association at once. What is being sent is cut off after its current PDU. Does not throw.</summary>
    protected async Task SendAbortAsync(DicomAbortSource source, DicomAbortReason reason)
    {
        State = AssociationState.Closing;
        try
        {
            await _writer.SendLastAsync(FixedPdu.Abort(source, reason));
        }
        catch (DicomNetworkException)
        {
            // The peer is gone already.
        }

        (_network as TcpNetworkStream)?.EndSending();
        _readTimer.Start(ServiceTimers.Artim);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _isConnected = false;
            _network.Dispose();
            _readTimer.Dispose();
            _writer.Dispose();
        }
    }

    /// <summary>Proposes an association. The state is set before the loops start.</summary>
    private protected Task SendAssociationRequestAsync(DicomAssociation association, bool proposeAsyncOps) =>
        _writer.SendAsync(AssociatePdu.Request(association, _reader.MaximumDataLength, proposeAsyncOps));

    /// <summary>Asks the peer to stop working on a request (PS3.7 9.3.2.3). Its last response still comes.</summary>
    private protected Task SendCancelAsync(DicomRequest request) =>
        _writer.SendAsync(Frame(request.PresentationContext!.ID, CommandSet.Cancel(request.MessageID), null));

    /// <summary>No response came in time.</summary>
    private protected virtual void OnRequestTimedOut(DicomRequest request, TimeSpan limit) =>
        request.OnTimeout?.Invoke(request, new DicomRequest.OnTimeoutEventArgs(limit));

    private protected void CloseTransport() => _network.Dispose();

    /// <summary>Prepares a requestor.</summary>
    private protected void Propose(DicomAssociation association)
    {
        _isRequestor = true;
        Association = association;
        association.RemoteHost = _network.RemoteHost;
        association.RemotePort = _network.RemotePort;
        _reader.MaximumDataLength = PduLimits.Effective(Options.MaxPDULength);
        State = AssociationState.AwaitingAccept;
    }

    private protected Task SendReleaseRequestAsync()
    {
        State = AssociationState.AwaitingReleaseResponse;
        return _writer.SendAsync(FixedPdu.ReleaseRequest());
    }

    private void OnExpired(OutstandingRequest outstanding, TimeSpan limit)
    {
        if (!_outstanding.TryRemove(new KeyValuePair<ushort, OutstandingRequest>(outstanding.Request.MessageID, outstanding)))
        {
            return;
        }

        outstanding.Dispose();
        try
        {
            OnRequestTimedOut(outstanding.Request, limit);
        }
        catch (Exception exception)
        {
            Logger.HandlerFailed(exception.GetType().Name);
        }
    }

    private OutgoingMessage Frame(byte contextId, DicomDataset command, Stream? data) => new(
        contextId, CommandSet.Encode(command), data, Association?.MaximumPDULength ?? 0, PduLimits.Effective(Options.MaxPDULength));
}
