using HSENet.Worker.Observability;

namespace HSENet.Worker.Commitment;

/// <summary>Log messages of storage commitment. No UIDs.</summary>
internal static partial class CommitmentLog
{
    [LoggerMessage(EventIds.CommitmentRequested, LogLevel.Information, "{CallingAe} asks for storage commitment of {Count} instances")]
    public static partial void Requested(ILogger log, string callingAe, int count);

    [LoggerMessage(EventIds.CommitmentNoAddress, LogLevel.Warning,
        "commitment.no-address: {CallingAe} at {RemoteHost} asks for storage commitment, and neither HSENet:Dicom:Sources nor HSENet:Destinations says where to answer ({Untold} more since told)")]
    public static partial void UnknownRequester(ILogger log, string callingAe, string remoteHost, int untold);

    [LoggerMessage(EventIds.CommitmentReported, LogLevel.Information, "{CallingAe} was told: {Committed} instances kept, {Failed} not ({Way})")]
    public static partial void Reported(ILogger log, string callingAe, int committed, int failed, string way);

    [LoggerMessage(EventIds.CommitmentReportRetried, LogLevel.Warning, "{CallingAe} did not take a storage commitment result, attempt {Attempt}: {Code} ({Detail}); tried again")]
    public static partial void ReportRetried(ILogger log, string callingAe, int attempt, string code, string detail);

    [LoggerMessage(EventIds.CommitmentReportFailed, LogLevel.Error, "{CallingAe} did not take a storage commitment result, attempt {Attempt}: {Code} ({Detail}); given up")]
    public static partial void ReportFailed(ILogger log, string callingAe, int attempt, string code, string detail);

    [LoggerMessage(EventIds.CommitmentAsked, LogLevel.Debug, "{Destination} was asked to commit to the report of job {JobId}, round {Round}")]
    public static partial void Asked(ILogger log, Guid jobId, string destination, int round);

    [LoggerMessage(EventIds.CommitmentAskRetried, LogLevel.Warning,
        "{Destination} could not be asked to commit to the report of job {JobId}, round {Round}: {Code} ({Detail}); asked again")]
    public static partial void AskRetried(ILogger log, Guid jobId, string destination, int round, string code, string detail);

    [LoggerMessage(EventIds.CommitmentUnanswered, LogLevel.Warning, "{Destination} has not answered about the report of job {JobId}, round {Round}; asked again")]
    public static partial void Unanswered(ILogger log, Guid jobId, string destination, int round);

    [LoggerMessage(EventIds.CommitmentGivenUp, LogLevel.Error, "{Code}: {Destination} has never committed to the report of job {JobId}, round {Round}; given up")]
    public static partial void GivenUp(ILogger log, Guid jobId, string destination, int round, string code);

    [LoggerMessage(EventIds.CommitmentTaken, LogLevel.Information, "{Destination} has committed to the report of job {JobId}")]
    public static partial void Committed(ILogger log, Guid jobId, string destination);

    [LoggerMessage(EventIds.CommitmentRefused, LogLevel.Warning,
        "{Destination} does not keep the report of job {JobId}, failure reason {Reason:X4}; the delivery is {DeliveryState}")]
    public static partial void Refused(ILogger log, Guid jobId, string destination, int reason, string deliveryState);

    [LoggerMessage(EventIds.CommitmentUnknownTransaction, LogLevel.Warning, "A storage commitment result came that is not about a report of ours ({Untold} more since told)")]
    public static partial void UnknownTransaction(ILogger log, int untold);

    [LoggerMessage(EventIds.CommitmentClosedDoor, LogLevel.Warning,
        "Destination {Destination} is asked for storage commitment, but HSENet:Dicom:Sources does not let its AE title in: an answer on an association of its own is rejected")]
    public static partial void ClosedDoor(ILogger log, string destination);
}
