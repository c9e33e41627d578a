using FellowOakDicom.Network;
using HSENet.Dicom.Commitment;
using HSENet.Dicom.Guarding;
using HSENet.Dicom.Sending;

namespace HSENet.Dicom.Receiving;

/// <summary>Storage commitment on the connections that peers open (PS3.4 J).</summary>
internal sealed partial class StoreScpService : IDicomNServiceProvider
{
    private int _mayTakeReport;

    /// <summary>Null before the association is accepted.</summary>
    public Guid? AssociationId => _association?.Id;

    public async Task<DicomNActionResponse> OnNActionRequestAsync(DicomNActionRequest request)
    {
        _watch.Begin();
        try
        {
            return new DicomNActionResponse(request, CommitmentStatus.ToToolkit(await TakeRequestAsync(request).ConfigureAwait(false)));
        }
        finally
        {
            _watch.End();
        }
    }

    public async Task<DicomNEventReportResponse> OnNEventReportRequestAsync(DicomNEventReportRequest request)
    {
        _watch.Begin();
        try
        {
            return State.Options.Commitment is { } receiver
                ? await CommitmentAnswer.ToReportAsync(request, Messages.TakeRefusal(request.MessageID), receiver, State.Stopping).ConfigureAwait(false)
                : new DicomNEventReportResponse(request, CommitmentStatus.ToToolkit(new(CommitmentStatus.NoSuchClass)));
        }
        finally
        {
            _watch.End();
        }
    }

    public Task<DicomNCreateResponse> OnNCreateRequestAsync(DicomNCreateRequest request) =>
        Task.FromResult(new DicomNCreateResponse(request, DicomStatus.UnrecognizedOperation));

    public Task<DicomNDeleteResponse> OnNDeleteRequestAsync(DicomNDeleteRequest request) =>
        Task.FromResult(new DicomNDeleteResponse(request, DicomStatus.UnrecognizedOperation));

    public Task<DicomNGetResponse> OnNGetRequestAsync(DicomNGetRequest request) =>
        Task.FromResult(new DicomNGetResponse(request, DicomStatus.UnrecognizedOperation));

    public Task<DicomNSetResponse> OnNSetRequestAsync(DicomNSetRequest request) =>
        Task.FromResult(new DicomNSetResponse(request, DicomStatus.UnrecognizedOperation));

    /// <summary>Reports on this association, if its peer does nothing but wait: a sender in the middle of its images may not expect it.</summary>
    /// <returns>True when the peer has taken the result.</returns>
    public async Task<bool> TryReportAsync(CommitmentResult result, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _mayTakeReport, 0) == 0 || _ended.Task.IsCompleted)
            return false;
        var report = CommitmentMessage.ToReport(result);
        var answer = new TaskCompletionSource<ushort>(TaskCreationOptions.RunContinuationsAsynchronously);
        report.OnResponseReceived = (_, response) => answer.TrySetResult(PeerAnswer.CodeOf(response));
        try
        {
            await SendRequestAsync(report).ConfigureAwait(false);
            await Task.WhenAny(answer.Task, _ended.Task).WaitAsync(limit, cancellationToken).ConfigureAwait(false);
            return answer.Task.IsCompletedSuccessfully && await answer.Task.ConfigureAwait(false) == 0;
        }
        catch (Exception e) when (e is DicomNetworkException or TimeoutException or IOException or ObjectDisposedException)
        {
            return false; // the peer went another way: there will be an association of our own
        }
    }

    private async Task<CommitmentReply> TakeRequestAsync(DicomNActionRequest request)
    {
        if (State.Options.Commitment is not { } receiver || _association is not { } association)
            return new(CommitmentStatus.NoSuchClass);
        try
        {
            if (Messages.TakeRefusal(request.MessageID) is { } refusal)
                return await RefuseAsync(request, refusal, receiver, association).ConfigureAwait(false);
            var reply = CommitmentMessage.TryRead(request, out var transactionUid, out var references);
            if (reply.Status != 0)
                return reply;
            Messages.AnswerIsOwn(request.MessageID);
            reply = await receiver.OnRequestAsync(new CommitmentRequest(association, transactionUid, references), State.Stopping).ConfigureAwait(false);
            if (reply.Status == 0)
                Volatile.Write(ref _mayTakeReport, 1);
            return reply;
        }
        catch (Exception e)
        {
            State.Log.ReceiverFailed(e, association.Id);
            return new(CommitmentStatus.ProcessingFailure, "the request could not be recorded");
        }
    }

    /// <summary>The data set was not let through.</summary>
    private async ValueTask<CommitmentReply> RefuseAsync(
        DicomNActionRequest request, MessageRefusal refusal, ICommitmentReceiver receiver, AssociationContext association)
    {
        if (refusal != MessageRefusal.NotEntitled)
            return new(refusal.Status, refusal.Comment);
        Messages.AnswerIsOwn(request.MessageID);
        return await receiver.OnUnentitledAsync(association, State.Stopping).ConfigureAwait(false);
    }
}
