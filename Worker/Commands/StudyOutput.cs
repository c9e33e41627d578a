using System.Globalization;
using System.Text.Json;
using HSENet.Worker.Observability;
using HSENet.Worker.Operating;

namespace HSENet.Worker.Commands;

/// <summary>The story of a study on the console, as text or as JSON.</summary>
internal sealed class StudyOutput(TextWriter output, bool isJson)
{
    public void Write(StudyStory story)
    {
        if (isJson)
        {
            output.WriteLine(JsonSerializer.Serialize(story, JobsOutput.Format));
            return;
        }

        Line(0, $"study {story.StudyUid}{(story.Accession is { } accession ? $", accession {accession}" : "")}");
        Line(1, $"{story.Outcome.Text} ({story.Outcome.Code})");
        foreach (var association in story.Associations)
        {
            Write(association);
        }

        foreach (var series in story.Series)
        {
            Write(series);
        }
    }

    /// <summary>Where an unknown study may have been turned away.</summary>
    public void Write(IReadOnlyList<RefusedAssociation> refused)
    {
        foreach (var one in refused)
        {
            if (isJson)
            {
                output.WriteLine(JsonSerializer.Serialize(new { RefusedAssociation = one }, JobsOutput.Format));
            }
            else
            {
                Line(0, $"refused {one.Code}{Words(one)}: {Whose(one)}, last {JobsOutput.Time(one.LastAt)}{Kept(one.Quarantine)}");
            }
        }
    }

    private void Write(StudyAssociation association)
    {
        var end = association is { ClosedAt: { } closed } ? $"{association.Ending} {JobsOutput.Time(closed)}" : "still open";
        Line(0, $"association of {association.CallingAe} at {association.RemoteHost}, opened {JobsOutput.Time(association.OpenedAt)}, {end}");
        var known = $"{association.DuplicateCount} known already, {association.ConflictCount} in conflict with what is here";
        Line(1, $"of this study: {association.StoredCount} stored, {known}");
        foreach (var refusal in association.Refusals)
        {
            Line(1, $"refused {refusal.Code}: {Times(refusal.Count, "instance")} of whatever study{Kept(refusal.Quarantine)}");
        }
    }

    private void Write(StudySeries series)
    {
        var instances = $"{Times(series.InstanceCount, "instance")} from {series.SourceAe}, last {JobsOutput.Time(series.LastInstanceAt)}";
        Line(0, $"series {series.SeriesUid}, {series.Modality ?? "no modality"}, {instances}");
        Line(1, series.State switch
        {
            "refused" => $"refused {series.RefusalCode}: {series.RefusalDetail}",
            "closed" => $"closed as {series.Completeness}{(series.ClosedAt is { } at ? $" {JobsOutput.Time(at)}" : "")}",
            _ => "being received, or waiting for more",
        });
        foreach (var choice in series.Choices)
        {
            Line(1, $"route {choice.Route}, which makes one report of a study: {Words(choice.State)}");
        }

        Write(1, series.Events);
        foreach (var job in series.Jobs)
        {
            Line(1, $"job {job.Job.ShortId} of route {job.Job.Route}, mode {job.Job.Mode}, model {job.Job.Model}: {job.Job.State}, attempt {job.Job.Attempt}"
                + (job.Job.ErrorCode is { } code ? $", {code}: {job.Job.ErrorDetail}" : ""));
            if (job.ReportUid is not null)
            {
                Line(2, JobsOutput.Report(job.Job));
            }

            foreach (var note in job.Job.ContentNotes)
            {
                Line(2, JobsOutput.Note(note));
            }

            foreach (var delivery in job.Deliveries)
            {
                Line(2, JobsOutput.Delivery(delivery));
            }

            Write(2, job.Events);
        }
    }

    private void Write(int depth, IReadOnlyList<JobEvent> events)
    {
        foreach (var e in events)
        {
            var more = e.LastAt is { } last ? $", {Times(e.Count, "image")}, last {JobsOutput.Time(last)}" : "";
            Line(depth, $"{JobsOutput.Time(e.At)} {e.Event} by {e.Actor} {e.Reason}".TrimEnd() + more);
        }
    }

    /// <summary>Of a connection that was closed before its association request no title is known.</summary>
    private static string Whose(RefusedAssociation refused) => refused.Called is { } called
        ? $"{(refused.Images is { } images ? $"{Times(images, "image")} in " : "")}{Times(refused.Count, "association")} of {refused.Actor[(refused.Actor.IndexOf(':', StringComparison.Ordinal) + 1)..]} at {refused.Host ?? "?"} to {called}"
        : $"{Times(refused.Count, "connection")} from {refused.Host ?? "?"}";

    private static string Kept(string[] quarantine) =>
        quarantine.Length == 0 ? "" : $", quarantine {string.Join(", ", quarantine.Take(3))}{(quarantine.Length > 3 ? ", …" : "")}";

    private static string Words(RefusedAssociation refused) => refused.Code switch
    {
        "association.called-ae" => " (called by another title than ours)",
        "association.calling-ae" => " (title or address is not in Dicom:Sources)",
        "association.contexts" => " (none of the SOP classes or transfer syntaxes that it proposed is taken)",
        "connection.address" => " (no source covers the address)",
        "association.limit" or "connection.limit" => " (no place was left)",
        _ => "",
    };

    private static string Words(string choice) => choice switch
    {
        "waiting" => "waits until the study is at rest",
        "chosen" => "this series was chosen",
        "replaced" => "another one was chosen after this",
        "passed" => "another series was better",
        "failed" => "this series was chosen and cannot be reported on",
        _ => choice,
    };

    private static string Times(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private void Line(int depth, string text) => output.WriteLine(new string(' ', 2 * depth) + OperatorText.Clean(text).TrimEnd());
}
