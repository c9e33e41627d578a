using HSENet.Worker.Observability;

namespace HSENet.Worker.Routing;

internal static partial class RoutingLog
{
    [LoggerMessage(EventIds.JobCreated, LogLevel.Information, "Job {JobId} made of series {SeriesKey}")]
    public static partial void JobCreated(ILogger log, Guid jobId, Guid seriesKey);
}
