using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using HSENet.Commands;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Commands;

/// <summary><c>audit export</c>: audit rows as JSON Lines.</summary>
internal static class AuditExportCommand
{
    public static Command Create()
    {
        var from = Time("--from", "Rows from this time on, such as 2026-01-31 or 2026-01-31T12:00:00Z; UTC unless it says otherwise.");
        var to = Time("--to", "Rows before this time.");
        var study = Parameters.Text("--study", "UID", "Rows about this Study Instance UID; its end or beginning, of 6 characters or more, is enough.");
        var series = Parameters.Text("--series", "UID", "Rows about this Series Instance UID, or a part of it as above.");
        var job = JobId.Option("--job", "Rows about this job.");
        var kind = Parameters.Text("--event", "NAME", "Rows of this event, such as delivery.stored.");
        var output = Parameters.Text("--out", "FILE", "Writes there instead of to standard output.");
        var command = new Command("export", "Writes audit rows as JSON Lines, oldest first; all without an option. Leaves a row of its own.")
            .With(from, to, study, series, job, kind, output);
        command.SetAction((result, cancellationToken) => RunAsync(
            result,
            new()
            {
                From = result.GetValue(from),
                To = result.GetValue(to),
                StudyUid = result.GetValue(study),
                SeriesUid = result.GetValue(series),
                Event = result.GetValue(kind),
            },
            result.GetValue(job),
            result.GetValue(output),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, AuditFilter wanted, string? job, string? target, CancellationToken cancellationToken)
    {
        await using var database = await result.Settings().OpenDatabaseAsync(cancellationToken);
        await using var connection = await database.OpenAsync(cancellationToken);
        var filter = wanted with
        {
            StudyUid = await AuditSubjects.FindAsync(connection, "study", wanted.StudyUid, cancellationToken),
            SeriesUid = await AuditSubjects.FindAsync(connection, "series", wanted.SeriesUid, cancellationToken),
            JobId = job is null ? null : await JobsCommand.Store(database).FindAsync(job, cancellationToken),
        };
        var details = new Dictionary<string, object?>
        {
            ["from"] = filter.From, ["to"] = filter.To, ["study"] = filter.StudyUid, ["series"] = filter.SeriesUid, ["job"] = filter.JobId, ["event"] = filter.Event,
        };

        // first: nothing leaves without a trace
        await AuditLog.WriteAsync(database, AuditKind.AuditExported, AuditOutcome.Success, details, cancellationToken);
        await using var file = target is { } path ? new StreamWriter(path) { NewLine = "\n" } : null;
        await foreach (var line in AuditExport.ReadAsync(connection, filter, cancellationToken))
        {
            await (file ?? result.Output()).WriteLineAsync(line.AsMemory(), cancellationToken);
        }

        return ExitCode.Done;
    }

    private static Option<DateTime?> Time(string name, string description) => new(name)
    {
        HelpName = "TIME",
        Description = description,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => Read(result, name),
    };

    private static DateTime? Read(ArgumentResult result, string name)
    {
        if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time.UtcDateTime;
        }

        result.AddError($"{name} {result.Tokens[0].Value}: a time such as 2026-01-31 or 2026-01-31T12:00:00Z is wanted.");
        return null;
    }
}
