using System.Diagnostics;

namespace HSENet.Worker.Observability;

/// <summary>
/// Spans of the service's own work. Their context is kept in the rows of associations and jobs (W3C Trace Context, traceparent), so that gateway, queue and worker join in
/// one trace, also over restarts. Tags are our own keys, codes and numbers: never a patient's.
/// </summary>
internal static class Tracing
{
    public const string SourceName = "HSENet.Worker";

    private static readonly ActivitySource Source = new(SourceName);

    /// <param name="name">Of the span: <c>hsenet.ingest</c>, <c>hsenet.assemble</c>, …</param>
    /// <param name="parent">traceparent of what it continues; null: of whatever is under way here, else a new trace.</param>
    /// <param name="kind">Of the span.</param>
    /// <returns>Null when nobody listens.</returns>
    public static Activity? Start(string name, string? parent, ActivityKind kind = ActivityKind.Internal) =>
        parent is not null && ActivityContext.TryParse(parent, null, isRemote: true, out var context)
            ? Source.StartActivity(name, kind, context)
            : Source.StartActivity(name, kind);

    /// <summary>A span that is over already: something that was timed elsewhere.</summary>
    public static void Record(string name, DateTimeOffset start, TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero)
        {
            return;
        }

        var span = Source.StartActivity(name, ActivityKind.Internal, default(ActivityContext), startTime: start);
        span?.SetEndTime((start + duration).UtcDateTime);
        span?.Dispose();
    }

    /// <summary>Marks a span as failed with a stable code.</summary>
    public static void Fail(this Activity? span, string code) => span?.SetStatus(ActivityStatusCode.Error, code);
}
