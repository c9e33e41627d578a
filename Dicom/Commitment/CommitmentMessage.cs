using FellowOakDicom;
using FellowOakDicom.Network;
using HSENet.Dicom.Files;

namespace HSENet.Dicom.Commitment;

/// <summary>The data sets of the Storage Commitment Push Model (PS3.4 tables J.3-1 and J.3-2), written strictly and read with suspicion.</summary>
internal static class CommitmentMessage
{
    public const ushort RequestAction = 1;
    public const ushort AllCommitted = 1;
    public const ushort SomeFailed = 2;

    /// <summary>More than any study has; beyond it the peer may ask in parts.</summary>
    public const int MaximumReferences = 20_000;

    public static DicomUID SopClass => DicomUID.StorageCommitmentPushModel;

    public static DicomUID SopInstance => DicomUID.StorageCommitmentPushModelInstance;

    public static DicomNActionRequest ToRequest(string transactionUid, IEnumerable<CommitmentReference> references) =>
        new(SopClass, SopInstance, RequestAction)
        {
            Dataset = new DicomDataset
            {
                { DicomTag.TransactionUID, transactionUid },
                new DicomSequence(DicomTag.ReferencedSOPSequence, [.. references.Select(Item)]),
            },
        };

    public static DicomNEventReportRequest ToReport(CommitmentResult result)
    {
        var dataset = new DicomDataset { { DicomTag.TransactionUID, result.TransactionUid } };
        if (result.Committed.Count > 0)
            dataset.Add(new DicomSequence(DicomTag.ReferencedSOPSequence, [.. result.Committed.Select(Item)]));
        if (result.Failed.Count > 0)
            dataset.Add(new DicomSequence(DicomTag.FailedSOPSequence, [.. result.Failed.Select(Item)]));
        return new(SopClass, SopInstance, result.Failed.Count > 0 ? SomeFailed : AllCommitted) { Dataset = dataset };
    }

    /// <returns>Success and the content, or what to answer.</returns>
    public static CommitmentReply TryRead(DicomNActionRequest request, out string transactionUid, out IReadOnlyList<CommitmentReference> references)
    {
        (transactionUid, references) = ("", []);
        if (CheckTarget(request.SOPClassUID, request.SOPInstanceUID) is { } wrong)
            return wrong;
        if (request.ActionTypeID != RequestAction)
            return new(CommitmentStatus.NoSuchActionType, "Action Type ID must be 1");
        if (TryReadTransaction(request.Dataset, out transactionUid) is { } missing)
            return missing;
        if (!request.Dataset!.TryGetSequence(DicomTag.ReferencedSOPSequence, out var sequence) || sequence.Items.Count == 0)
            return new(CommitmentStatus.InvalidArgument, "Referenced SOP Sequence is missing or empty");
        if (sequence.Items.Count > MaximumReferences)
            return new(CommitmentStatus.ResourceLimitation, $"more than {MaximumReferences} references");
        return TryRead(sequence, out references) ? CommitmentReply.Success : new(CommitmentStatus.InvalidArgument, "a reference has no valid UIDs");
    }

    /// <returns>Success and the content, or what to answer.</returns>
    public static CommitmentReply TryRead(DicomNEventReportRequest report, out CommitmentResult? result)
    {
        result = null;
        if (CheckTarget(report.SOPClassUID, report.SOPInstanceUID) is { } wrong)
            return wrong;
        if (report.EventTypeID is not (AllCommitted or SomeFailed))
            return new(CommitmentStatus.NoSuchEventType, "Event Type ID must be 1 or 2");
        if (TryReadTransaction(report.Dataset, out var transactionUid) is { } missing)
            return missing;
        IReadOnlyList<CommitmentReference> committed = [], failed = [];
        var hasCommitted = report.Dataset!.TryGetSequence(DicomTag.ReferencedSOPSequence, out var committedItems);
        var hasFailed = report.Dataset.TryGetSequence(DicomTag.FailedSOPSequence, out var failedItems);
        if ((hasCommitted && !TryRead(committedItems, out committed)) || (hasFailed && !TryRead(failedItems, out failed)))
            return new(CommitmentStatus.InvalidArgument, "a reference has no valid UIDs");
        if (committed.Count + failed.Count == 0)
            return new(CommitmentStatus.InvalidArgument, "no reference");

        // a reason that is missing is a failure all the same
        var reasons = failed.Select((reference, i) => new CommitmentFailure(
            reference, failedItems.Items[i].GetSingleValueOrDefault(DicomTag.FailureReason, FailureReason.ProcessingFailure)));
        result = new CommitmentResult(transactionUid, committed, [.. reasons]);
        return CommitmentReply.Success;
    }

    private static CommitmentReply? CheckTarget(DicomUID? sopClass, DicomUID? sopInstance) =>
        sopClass != SopClass ? new(CommitmentStatus.NoSuchClass)
        : sopInstance != SopInstance ? new(CommitmentStatus.NoSuchInstance, "not the well-known instance")
        : null;

    private static CommitmentReply? TryReadTransaction(DicomDataset? dataset, out string transactionUid)
    {
        transactionUid = dataset?.GetSingleValueOrDefault(DicomTag.TransactionUID, "") ?? "";
        return UidText.IsUid(transactionUid) ? null : new(CommitmentStatus.InvalidArgument, "Transaction UID is missing or no UID");
    }

    private static bool TryRead(DicomSequence sequence, out IReadOnlyList<CommitmentReference> references)
    {
        references = [.. sequence.Items.Select(item => new CommitmentReference(
            item.GetSingleValueOrDefault(DicomTag.ReferencedSOPClassUID, ""), item.GetSingleValueOrDefault(DicomTag.ReferencedSOPInstanceUID, "")))];
        return references.All(r => UidText.IsUid(r.SopClassUid) && UidText.IsUid(r.SopInstanceUid));
    }

    private static DicomDataset Item(CommitmentReference reference) => new()
    {
        { DicomTag.ReferencedSOPClassUID, reference.SopClassUid },
        { DicomTag.ReferencedSOPInstanceUID, reference.SopInstanceUid },
    };

    private static DicomDataset Item(CommitmentFailure failure)
    {
        var item = Item(failure.Reference);
        item.Add(DicomTag.FailureReason, failure.Reason);
        return item;
    }
}
