namespace HSENet.Worker.Operating;

/// <summary>What became of a study, in a code and in words: the answer to "why was nothing produced".</summary>
internal sealed record StudyOutcome(string Code, string Text)
{
    private static readonly string[] Done = ["stored", "committed"];
    private static readonly string[] Unfinished = ["ready", "queued", "running"];

    /// <param name="series">All series of the study.</param>
    public static StudyOutcome Of(IReadOnlyList<StudySeries> series)
    {
        var jobs = series.SelectMany(s => s.Jobs).OrderByDescending(j => j.Job.CreatedAt).ToList();
        return OfReport(jobs) ?? OfUnfinished(jobs) ?? OfWithdrawn(jobs) ?? OfEnded(jobs) ?? OfSeries(series);
    }

    private static StudyOutcome? OfReport(IReadOnlyList<StudyJob> jobs)
    {
        if (jobs.FirstOrDefault(j => j.Job.State == "drafted" && !IsWithdrawn(j)) is not { } report)
        {
            return null;
        }

        var one = report.Job.PartialReason is null ? "a report" : "a report marked PARTIAL";
        var there = Names(report, d => Done.Contains(d.State));
        var failed = Names(report, d => d.State == "failed");
        var waiting = report.Deliveries.Where(d => d.State is "pending" or "sending").ToList();
        return (there, waiting, failed) switch
        {
            ("", [var next, ..], _) => new("report.waiting", $"{one} was made and waits to be sent to {next.Destination}{Because(next.ErrorCode)}"),
            ("", [], not "") => new(
                "report.undelivered",
                $"{one} was made and did not come to {failed}{Because(report.Deliveries.First(d => d.State == "failed").ErrorCode)}"),
            ("", [], "") when report.Job.ErrorCode is { } code => new("report.kept", $"{one} was made and is sent nowhere{Because(code)}"),
            ("", [], "") => new(
                "report.kept", $"{one} was made and is sent nowhere: route {report.Job.Route} is in mode {report.Job.Mode}, or has no destination"),
            (_, _, "") => new("report.delivered", $"{one} is at {there}"),
            _ => new("report.delivered", $"{one} is at {there}, and did not come to {failed}"),
        };
    }

    private static StudyOutcome? OfUnfinished(IReadOnlyList<StudyJob> jobs) =>
        jobs.FirstOrDefault(j => Unfinished.Contains(j.Job.State)) is { Job: var job }
            ? new("job.unfinished", $"no report yet: job {job.ShortId} is {job.State}{Because(job.ErrorCode)}")
            : null;

    private static StudyOutcome? OfWithdrawn(IReadOnlyList<StudyJob> jobs) =>
        jobs.Any(IsWithdrawn)
            ? new(
                "report.superseded",
                "a report was made and is not sent: its images were corrected, or moved to another study, before: delivery.superseded")
            : null;

    private static StudyOutcome? OfEnded(IReadOnlyList<StudyJob> jobs) =>
        jobs is [{ Job: var last }, ..]
            ? new("job.ended", $"nothing was produced: job {last.ShortId} is {last.State}{Because(last.ErrorCode, last.ErrorDetail)}")
            : null;

    private static bool IsWithdrawn(StudyJob job) => job.Deliveries.Count > 0 && job.Deliveries.All(d => d.State == "superseded");

    private static StudyOutcome OfSeries(IReadOnlyList<StudySeries> series)
    {
        var choices = series.SelectMany(s => s.Choices).ToList();
        var refused = series.Where(s => s.State == "refused").ToList();
        return true switch
        {
            _ when choices.Any(c => c.State == "waiting") => new(
                "study.waiting", "no report yet: waits until no series of the study has arrived for a while, then the best is chosen"),
            _ when series.Any(s => s.State == "receiving") => new(
                "series.unfinished", "no report yet: images still arrive, or it is not known yet whether more will come"),
            _ when refused.Count == series.Count => new(
                "series.none", $"nothing was produced: {(series.Count == 1 ? "the series was" : $"all {series.Count} series were")} refused: "
                    + string.Join("; ", refused.Select(s => $"{s.RefusalCode}: {s.RefusalDetail}".TrimEnd(' ', ':')).Distinct())),
            _ => new("route.none", "nothing was produced: no route takes any of its series that were not refused (routes test FILE tells why)"),
        };
    }

    private static string Names(StudyJob job, Func<JobDelivery, bool> which) => string.Join(", ", job.Deliveries.Where(which).Select(d => d.Destination));

    private static string Because(string? code, string? detail = null) =>
        code is null ? "" : string.IsNullOrEmpty(detail) ? $": {code}" : $": {code}: {detail}";
}
