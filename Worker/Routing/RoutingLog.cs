using HSENet.Worker.Observability;

namespace HSENet.Worker.Routing;

internal static partial class RoutingLog
{
    [LoggerMessage(EventIds.JobCreated, LogLevel.Information, "Job {JobId} made of series {SeriesKey}")]
    public static partial void JobCreated(ILogger log, Guid jobId, Guid seriesKey);

    [LoggerMessage(EventIds.SeriesUnrouted, LogLevel.Information, "Series {SeriesKey} matches no route: nothing is made of it")]
    public static partial void Unrouted(ILogger log, Guid seriesKey);

    [LoggerMessage(EventIds.RoutesChanged, LogLevel.Information, "Routes changed: {Routes} count from now on")]
    public static partial void Changed(ILogger log, string routes);

    [LoggerMessage(EventIds.RoutesRefused, LogLevel.Error, "{Code}: the changed settings are refused, the routes stay as they were: {Detail}")]
    public static partial void Refused(ILogger log, string code, string detail);

    [LoggerMessage(EventIds.SettingsNeedRestart, LogLevel.Warning, "Settings other than HSENet:Routes have changed too: they count from the next start")]
    public static partial void NeedRestart(ILogger log);
}
