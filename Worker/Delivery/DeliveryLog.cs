using HSENet.Worker.Observability;

namespace HSENet.Worker.Delivery;

internal static partial class DeliveryLog
{
    [LoggerMessage(EventIds.DeliveryStored, LogLevel.Information, "Report of job {JobId} stored at {Destination}, attempt {Attempt}: {Answer}")]
    public static partial void Stored(ILogger log, Guid jobId, string destination, int attempt, string answer);

    [LoggerMessage(EventIds.DeliveryRetried, LogLevel.Warning, "Report of job {JobId} not taken by {Destination}, attempt {Attempt}: {Code} ({Detail}); tried again")]
    public static partial void Retried(ILogger log, Guid jobId, string destination, int attempt, string code, string detail);

    [LoggerMessage(EventIds.DeliveryFailed, LogLevel.Error, "Report of job {JobId} not taken by {Destination}, attempt {Attempt}: {Code} ({Detail}); given up")]
    public static partial void Failed(ILogger log, Guid jobId, string destination, int attempt, string code, string detail);

    [LoggerMessage(EventIds.DestinationStopped, LogLevel.Error,
        "delivery.stopped: a report to {Destination} failed for good ({Detail}); {Waiting} others wait, one is tried now and then: 'jobs retry --delivery failed' sends all at once")]
    public static partial void DestinationStopped(ILogger log, string destination, string detail, int waiting);

    [LoggerMessage(EventIds.DeliveryUnknownDestination, LogLevel.Error, "delivery.destination-unknown: {Count} deliveries name a destination that is not configured")]
    public static partial void UnknownDestination(ILogger log, int count);
}
