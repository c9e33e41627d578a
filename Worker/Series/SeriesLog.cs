using HSENet.Worker.Observability;

namespace HSENet.Worker.Series;

internal static partial class SeriesLog
{
    [LoggerMessage(EventIds.SeriesClosed, LogLevel.Information,
        "Series {SeriesKey} closed as {Completeness} with {InstanceCount} instances after {Seconds:F1} s")]
    public static partial void Closed(ILogger log, Guid seriesKey, string completeness, int instanceCount, double seconds);

    [LoggerMessage(EventIds.SeriesNoted, LogLevel.Warning, "Series {SeriesKey} is read, but odd: {Code}: {Detail}")]
    public static partial void Noted(ILogger log, Guid seriesKey, string code, string detail);

    [LoggerMessage(EventIds.SeriesRefused, LogLevel.Information, "Series {SeriesKey} refused: {Code} ({InstanceCount} instances)")]
    public static partial void Refused(ILogger log, Guid seriesKey, string code, int instanceCount);

    [LoggerMessage(EventIds.SeriesEndFailed, LogLevel.Error, "Series {SeriesKey} could not be ended and is tried again every second")]
    public static partial void EndFailed(ILogger log, Exception exception, Guid seriesKey);

    [LoggerMessage(EventIds.SeriesJudgeFailed, LogLevel.Error, "Series {SeriesKey} could not be judged: {Exception}, failure {FailureCount}")]
    public static partial void JudgeFailed(ILogger log, Guid seriesKey, string exception, int failureCount);
}
