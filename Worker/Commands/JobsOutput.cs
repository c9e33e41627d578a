using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using HSENet.Dicom.Sending;
using HSENet.Worker.Observability;
using HSENet.Worker.Operating;
using HSENet.Worker.Schedules;

namespace HSENet.Worker.Commands;

/// <summary>Jobs and dead letters on the console: a line each, as text or as JSON.</summary>
internal sealed class JobsOutput(TextWriter output, bool isJson)
{
    public static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Write(IReadOnlyList<JobSummary> jobs)
    {
        if (!isJson)
        {
            foreach (var line in JobTable.Lines(jobs))
            {
                output.WriteLine(line);
            }

            return;
        }

        foreach (var job in jobs)
        {
            Line(job, () => "");
        }
    }

    public void Write(JobStory story) => Line(
        new { story.Job, story.StudyUid, story.SeriesUid, story.Deliveries, story.Events },
        () => string.Join('\n', (string[])
        [
            Text(story.Job),
            $"  study {story.StudyUid}",
            $"  series {story.SeriesUid}",
            .. story.Job.ReportUid is null ? Array.Empty<string>() : [$"  {Report(story.Job)}"],
            .. story.Job.ContentNotes.Select(n => $"  {Note(n)}"),
            .. story.Deliveries.Select(d => $"  {Delivery(d)}"),
            .. story.Events.Select(e => $"  {Time(e.At)} {e.Event} by {e.Actor} {e.Reason}".TrimEnd()),
        ]));

    /// <param name="jobId">Which.</param>
    /// <param name="state">After the change.</param>
    /// <param name="sentAgain">Destinations that its report is sent to again.</param>
    public void WriteChange(Guid jobId, string state, IReadOnlyList<string> sentAgain) => Line(
        new { jobId, state, sentAgain },
        () => sentAgain.Count == 0 ? $"{jobId} {state}" : $"{jobId} {state}, sent again to {string.Join(", ", sentAgain)}");

    public void Write(IReadOnlyList<DeadLetterLine> lines)
    {
        foreach (var (letter, state, outcome) in lines)
        {
            Line(
                new
                {
                    letter.Queue, MessageKey = letter.Key, letter.JobId, letter.Reason, letter.Exception, letter.DiedAt, JobState = state, Outcome = outcome,
                },
                () => $"{letter.JobId?.ToString() ?? "-"} {letter.Queue} {letter.Reason} job {state ?? "unknown"}: {outcome}");
        }
    }

    public void Write(IReadOnlyList<ScheduleSummary> schedules)
    {
        foreach (var schedule in schedules)
        {
            Line(schedule, () => string.Join(' ', (string[])
            [
                $"{schedule.Name,-16} {schedule.Scope} {schedule.State} next {Time(schedule.NextAt)} last {Time(schedule.LastAt)}",
                .. schedule.LastResult is { } result ? [result] : Array.Empty<string>(),
                .. schedule.LastError is { } error ? [OperatorText.Clean(error)] : Array.Empty<string>(),
            ]));
        }
    }

    /// <summary>The report of a job that has one, and why it is partial.</summary>
    public static string Report(JobSummary job) => $"report {job.ReportUid}{(job.PartialReason is { } why ? $", PARTIAL: {why}" : "")}";

    /// <summary>What the pixels showed, and was recorded only.</summary>
    public static string Note(string contentNote) => OperatorText.Clean($"recorded {contentNote}");

    /// <summary>Where it went, how, and when it is tried again.</summary>
    public static string Delivery(JobDelivery delivery)
    {
        var next = delivery is { State: "pending", Attempt: > 0 } ? $", next try {Time(delivery.NotBefore)}" : "";
        return $"delivery to {delivery.Destination}: {delivery.State}, attempt {delivery.Attempt}{next} {Answer(delivery)}".TrimEnd();
    }

    /// <summary>The code, and what the destination said; a failure's detail has that in it.</summary>
    private static string Answer(JobDelivery delivery) => delivery switch
    {
        { ErrorCode: { } code } => OperatorText.Clean($"{code}: {delivery.ErrorDetail}"),
        { AnswerStatus: { } status and not 0 } => OperatorText.Clean(
            new PeerAnswer(DimseStatus.Of((ushort)status), delivery.AnswerComment, delivery.AnswerElements).ToString()),
        _ => "",
    };

    private static string Text(JobSummary job)
    {
        var undelivered = job.FailedDeliveries.Length == 0 ? "" : $" delivery failed: {string.Join(", ", job.FailedDeliveries)}";
        var priority = job.Priority >= 2 ? "stat" : "routine";
        return $"{job.JobId} {job.State,-9} {priority} attempt {job.Attempt} {job.Route}/{job.Model} {Time(job.CreatedAt)} {job.ErrorCode}".TrimEnd() + undelivered;
    }

    private static string Time(DateTime? time) => time is { } known ? Time(known) : "never";

    public static string Time(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private void Line(object value, Func<string> text) => output.WriteLine(isJson ? JsonSerializer.Serialize(value, value.GetType(), Format) : text());
}
