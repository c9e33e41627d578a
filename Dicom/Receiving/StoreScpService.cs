using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using FellowOakDicom;
using FellowOakDicom.Network;
using HSENet.Dicom.Commitment;
using HSENet.Dicom.Files;
using HSENet.Dicom.Guarding;
using Microsoft.Extensions.Logging;

namespace HSENet.Dicom.Receiving;

/// <summary>
/// One connection of the SCP. Data sets are not parsed: <see cref="CreateCStoreReceiveStream"/> gives the toolkit a stream that writes a file header and then
/// the bytes as they come. No exception of ours reaches the toolkit, which would abort the association.
/// </summary>
internal sealed partial class StoreScpService : DicomService, IDicomServiceProvider, IDicomCEchoProvider, IDicomCStoreProvider
{
    private const int MaximumUnanswered = 16;
    private static readonly TimeSpan AbortTime = TimeSpan.FromSeconds(5);

    private readonly INetworkStream _stream;
    private readonly GuardedStream _guard;
    private readonly ConcurrentQueue<ReceivedInstance> _arrived = new();
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SilenceWatch _watch;
    private ReceivedInstance? _arriving;
    private AssociationContext? _association;
    private long _acceptedAt;
    private int _isClosed;
    private int _isEnding;
    private int _isEndTold;
    private AssociationEnd? _ownEnd;

    /// <summary>Called by the toolkit for each connection.</summary>
    public StoreScpService(INetworkStream stream, Encoding fallbackEncoding, ILogger logger, DicomServiceDependencies dependencies)
        : base(stream, fallbackEncoding, logger, dependencies)
    {
        _stream = stream;
        _guard = stream.AsStream() as GuardedStream ?? throw new InvalidOperationException("The connection is not guarded.");
        _guard.OnBytes = OnBytes;
        _guard.OnFault = OnFault;
        Messages.OnRefused = OnRefused;
        Messages.MayAsk = () => _association is { } association && State.Options.Commitment?.MayAsk(association) is true;
        _watch = new SilenceWatch(AllowedSilence, Overdue, OnSilence, OnOverdue);
    }

    // the toolkit sets UserState after it has made the service
    private StoreScpState State => (StoreScpState)UserState!;

    private MessageWatch Messages => _guard.Messages;

    public async Task OnReceiveAssociationRequestAsync(DicomAssociation association)
    {
        _watch.Begin();
        try
        {
            await AnswerAsync(association).ConfigureAwait(false);
        }
        finally
        {
            _watch.End();
        }
    }

    public async Task OnReceiveAssociationReleaseRequestAsync()
    {
        _watch.Touch();
        Volatile.Write(ref _mayTakeReport, 0);
        await EndAsync(AssociationEnd.Released, SendAssociationReleaseResponseAsync).ConfigureAwait(false);
    }

    public void OnReceiveAbort(DicomAbortSource source, DicomAbortReason reason) => _ = EndAsync(AssociationEnd.Aborted);

    public void OnConnectionClosed(Exception? exception) => _ = EndAsync(AssociationEnd.ConnectionLost);

    public Task<DicomCEchoResponse> OnCEchoRequestAsync(DicomCEchoRequest request)
    {
        _watch.Touch();
        Volatile.Write(ref _mayTakeReport, 0);
        return Task.FromResult(new DicomCEchoResponse(request, DicomStatus.Success));
    }

    public async Task<DicomCStoreResponse> OnCStoreRequestAsync(DicomCStoreRequest request)
    {
        _watch.Begin();
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            return new DicomCStoreResponse(request, StoreStatus.ToToolkit(await StoreAsync(request.MessageID, request.SOPInstanceUID?.UID).ConfigureAwait(false)));
        }
        finally
        {
            _oneAtATime.Release();
            _watch.End();
        }
    }

    /// <summary>The toolkit could not receive the data set.</summary>
    public async Task OnCStoreRequestExceptionAsync(string? tempFileName, Exception e)
    {
        State.Log.InstanceFailed(e, _association?.Id ?? Guid.Empty, StoreStatus.ProcessingFailure);
        await AbandonArrivingAsync().ConfigureAwait(false);
    }

    /// <summary>Aborts the association (or the bare connection) from our side and tells the receiver.</summary>
    public Task AbortAsync() => AbortAsync(AssociationEnd.Aborted, TimeSpan.Zero);

    /// <summary>The same, because this side stops.</summary>
    public Task StopAsync() => AbortAsync(AssociationEnd.Stopped, TimeSpan.Zero);

    private async Task AbortAsync(AssociationEnd end, TimeSpan silence)
    {
        _ownEnd = end;
        TellEnding(silence);
        try
        {
            if (_association is not null)
                await SendAbortAsync(DicomAbortSource.ServiceProvider, DicomAbortReason.NotSpecified).WaitAsync(AbortTime).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            State.Log.AbortFailed(e); // most likely the connection is gone, which is what was wanted, or the peer reads nothing
        }

        await EndAsync(end).ConfigureAwait(false);
        Dispose();
    }

    protected override void CreateCStoreReceiveStream(DicomFile file)
    {
        _watch.Touch();
        Volatile.Write(ref _mayTakeReport, 0);
        _ = AbandonArrivingAsync();
        _arriving = Begin(file.FileMetaInfo);
        _dimseStream = _arriving;
    }

    /// <summary>All bytes of a data set are there. Null: there is no parsed file, the request comes without one.</summary>
    protected override DicomFile? GetCStoreDicomFile()
    {
        if (Interlocked.Exchange(ref _arriving, null) is { } arrived)
            _arrived.Enqueue(arrived);
        _dimseStream = null;
        return null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _watch.Dispose();
            _ = EndAsync(AssociationEnd.ConnectionLost);
        }

        base.Dispose(disposing);
        if (disposing)
            _guard.Dispose(); // whatever the toolkit does with the stream
    }

    private async Task AnswerAsync(DicomAssociation association)
    {
        Options.MaxPDULength = (uint)State.Options.MaximumPduLength;
        Options.TcpNoDelay = true;
        Options.RequestTimeout = null;
        var context = new AssociationContext(
            Guid.CreateVersion7(), Title(association.CallingAE), Title(association.CalledAE), _stream.RemoteHost, _stream.RemotePort)
        {
            CertificateNames = _guard.PeerNames,
        };

        if (await JudgeAsync(context).ConfigureAwait(false) is AssociationVerdict.Reject reject)
        {
            var (result, source, reason) = AssociationPolicy.ToToolkit(reject);
            State.Log.AssociationRejected(reject.Result, reject.Source, reject.Reason, context.CallingAe, context.CalledAe, context.RemoteHost);
            await SendAssociationRejectAsync(result, source, reason).ConfigureAwait(false);
            return;
        }

        State.Add(this, _ended.Task);
        Volatile.Write(ref _acceptedAt, Stopwatch.GetTimestamp());
        Interlocked.Exchange(ref _association, context);
        State.Log.AssociationAccepted(context.Id, context.CallingAe, context.RemoteHost);
        var refused = AssociationPolicy.Negotiate(association);
        if (State.Options.Commitment is not null)
            refused = CommitmentPolicy.Negotiate(association, refused);
        if (association.PresentationContexts.All(c => c.Result != DicomPresentationContextResult.Accept))
            TellNothingAccepted(context);
        if (refused.Count > 0)
            State.Log.ContextsRefused(context.Id, string.Join(", ", refused.Where(UidText.IsUid).Distinct()));
        if (Volatile.Read(ref _isClosed) == 1)
            await EndAsync(AssociationEnd.ConnectionLost).ConfigureAwait(false); // while the receiver made up its mind
        else
            await SendAssociationAcceptAsync(association).ConfigureAwait(false);
    }

    /// <summary>Without padding, and without what could upset a log or a file header (PS3.5 6.2, VR AE).</summary>
    private static string Title(string title) => new([.. title.Trim().Select(c => c is >= ' ' and <= '~' and not '\\' ? c : '?')]);

    private async ValueTask<AssociationVerdict> JudgeAsync(AssociationContext context)
    {
        if (State.IsDraining)
            return new AssociationVerdict.Reject(2, 3, 1);
        try
        {
            // asked first, so that it can record a wrong called title too; no receiver may let one in
            var verdict = await State.Receiver.OnAssociationAsync(context, State.Stopping).ConfigureAwait(false);
            if (verdict is not AssociationVerdict.Accept || context.CalledAe == State.Options.AeTitle)
                return verdict;

            await State.Receiver.OnAssociationEndedAsync(context, AssociationEnd.Aborted, CancellationToken.None).ConfigureAwait(false);
            return new AssociationVerdict.Reject(1, 1, 7);
        }
        catch (Exception e)
        {
            State.Log.ReceiverFailed(e, context.Id);
            return new AssociationVerdict.Reject(2, 3, 1);
        }
    }

    private ReceivedInstance Begin(DicomFileMetaInformation meta)
    {
        var sopInstance = meta.MediaStorageSOPInstanceUID?.UID ?? "";
        var sopClass = meta.MediaStorageSOPClassUID?.UID ?? "";
        if (_association is not { } association || _arrived.Count >= MaximumUnanswered)
            return new ReceivedInstance(sopInstance, new StoreReply(StoreStatus.ProcessingFailure, "too many requests at a time"), _watch.Touch);
        var transferSyntax = meta.TransferSyntax.UID.UID;
        var (safeClass, safeInstance) = (UidText.IsUid(sopClass) ? sopClass : "", UidText.IsUid(sopInstance) ? sopInstance : "");
        try
        {
            var sink = State.Receiver.Begin(new IncomingInstance(association, safeClass, safeInstance, transferSyntax));
            var instance = new ReceivedInstance(sopInstance, sink, _watch.Touch) 
            {
                IsInvalid = safeClass == "" || safeInstance == "",
                LargestLength = State.Options.Limits.LargestInstance,
            };
            instance.Write(new Part10Header
            {
                SopClassUid = safeClass,
                SopInstanceUid = safeInstance,
                TransferSyntaxUid = transferSyntax,
                SendingAe = association.CallingAe,
                ReceivingAe = association.CalledAe,
            }.ToBytes());
            return instance;
        }
        catch (Exception e)
        {
            State.Log.ReceiverFailed(e, association.Id);
            return new ReceivedInstance(sopInstance, StoreStatus.Of(e), _watch.Touch);
        }
    }

    private async Task<StoreReply> StoreAsync(ushort message, string? sopInstanceUid)
    {
        if (!_arrived.TryDequeue(out var instance))
            return new StoreReply(StoreStatus.CannotUnderstand, "the request came without a data set");
        if (instance.SopInstanceUid != (sopInstanceUid ?? ""))
        {
            await instance.AbandonAsync().ConfigureAwait(false);
            return new StoreReply(StoreStatus.ProcessingFailure, "requests overtook each other");
        }

        var reply = await instance.CompleteAsync(State.Stopping).ConfigureAwait(false);
        if (instance.IsToldBySink)
            Messages.AnswerIsOwn(message);
        if (instance.Exception is not null || reply.Status == StoreStatus.ProcessingFailure)
            State.Log.InstanceFailed(instance.Exception, _association?.Id ?? Guid.Empty, reply.Status);
        return reply;
    }

    /// <returns>False: none was arriving.</returns>
    private async Task<bool> AbandonArrivingAsync()
    {
        if (Interlocked.Exchange(ref _arriving, null) is not { } unfinished)
            return false;
        await unfinished.AbandonAsync().ConfigureAwait(false);
        return true;
    }

    private void TellNothingAccepted(AssociationContext association)
    {
        try
        {
            State.Receiver.OnNothingAccepted(association);
        }
        catch (Exception e)
        {
            State.Log.ReceiverFailed(e, association.Id);
        }
    }

    private TimeSpan? AllowedSilence() =>
        UserState is not StoreScpState state ? null : _association is null ? state.Options.AssociationTimeout : state.Options.IdleTimeout;

    /// <summary>Only of an association: what comes before one must be there in time.</summary>
    private void OnBytes()
    {
        if (_association is not null)
            _watch.Touch();
    }

    private void OnFault(GuardFault fault)
    {
        State.Log.ProtocolBroken(_stream.RemoteHost, fault.Message);
        State.Receiver.OnConnectionRefused(new RefusedConnection(_stream.RemoteHost, "connection.protocol", fault.Message));
    }

    private void OnRefused(RefusedMessage refused)
    {
        if (_association is { } association)
            State.Receiver.OnMessageRefused(association, refused);
    }

    /// <summary>Why the association ends now; null: it goes on.</summary>
    private RefusedConnection? Overdue()
    {
        if (UserState is not StoreScpState state || _association is null)
            return null;
        var limits = state.Options.Limits;
        if (_guard.Pace.IsBelow(limits.MinimumRate, limits.RateGrace))
            return new(_stream.RemoteHost, "connection.slow", $"less than {limits.MinimumRate} bytes in a second");
        var length = Stopwatch.GetElapsedTime(Volatile.Read(ref _acceptedAt));
        return length > limits.LongestAssociation ? new(_stream.RemoteHost, "connection.long", $"an association of {length.TotalHours:F1} h") : null;
    }

    private void OnOverdue(RefusedConnection reason)
    {
        State.Receiver.OnConnectionRefused(reason);
        _ = AbortAsync();
    }

    private void OnSilence(TimeSpan silence)
    {
        State.Log.SilentPeer(_stream.RemoteHost, silence.TotalSeconds);
        _ = AbortAsync(AssociationEnd.TimedOut, silence);
    }
}
