using System.Globalization;
using System.Text.Json;
using HSENet.Worker.Audit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Commands;

/// <summary><c>audit verify</c> and <c>audit export</c>. Both leave a row of their own (PS3.15 A.5.3.2, Audit Log Used).</summary>
internal static class AuditCommand
{
    public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken) => args switch
    {
        ["verify", .. var rest] => VerifyAsync(rest, cancellationToken),
        ["export", .. var rest] => ExportAsync(rest, cancellationToken),
        [var other, ..] when !other.StartsWith('-') => throw new UsageException($"unknown: audit {other}"),
        _ => throw new UsageException("audit needs verify or export"),
    };

    private static async Task<int> VerifyAsync(string[] args, CancellationToken cancellationToken)
    {
        var arguments = Parse(args, "--head", "--write-head");
        var newHead = arguments.Option("--write-head");
        await using var database = await OpenAsync(arguments, cancellationToken);
        var known = arguments.Option("--head") is { } file ? AuditHead.Read(file) : null;
        var verdict = await new AuditVerifier(database).VerifyAsync(known, cancellationToken);
        foreach (var fault in verdict.Faults)
        {
            Console.Out.WriteLine($"fault {fault}");
        }

        await AuditAsync(
            database,
            verdict.FaultCount == 0 ? AuditKind.AuditVerified : AuditKind.AuditBroken,
            verdict.FaultCount == 0 ? AuditOutcome.Success : AuditOutcome.MajorFailure,
            new() { ["seq"] = verdict.Head.Seq, ["hash"] = verdict.Head.Hash, ["faults"] = verdict.FaultCount, ["compared_seq"] = known?.Seq },
            cancellationToken);
        if (verdict.FaultCount > 0)
        {
            throw new WorkerException("audit.broken", $"{verdict.FaultCount} faults in {verdict.SealCount} seals, the first: {verdict.Faults[0]}");
        }

        var line = JsonSerializer.Serialize(new { seq = verdict.Head.Seq, hash = verdict.Head.Hash, unsealed = verdict.UnsealedCount });
        Console.Out.WriteLine(line);
        if (newHead is not null)
        {
            await WriteAsync(newHead, line, cancellationToken);
        }

        return ExitCode.Done;
    }

    private static async Task<int> ExportAsync(string[] args, CancellationToken cancellationToken)
    {
        var arguments = Parse(args, "--from", "--to", "--study", "--series", "--job", "--event", "--out");
        var filter = new AuditFilter
        {
            From = Time(arguments, "--from"),
            To = Time(arguments, "--to"),
            StudyUid = arguments.Option("--study"),
            SeriesUid = arguments.Option("--series"),
            JobId = arguments.Option("--job") is not { } job ? null
                : Guid.TryParse(job, out var id) ? id : throw new UsageException($"{job} is no job id"),
            Event = arguments.Option("--event"),
        };
        await using var database = await OpenAsync(arguments, cancellationToken);
        var details = new Dictionary<string, object?>
        {
            ["from"] = filter.From, ["to"] = filter.To, ["study"] = filter.StudyUid, ["series"] = filter.SeriesUid, ["job"] = filter.JobId, ["event"] = filter.Event,
        };

        // first: nothing leaves without a trace
        await AuditAsync(database, AuditKind.AuditExported, AuditOutcome.Success, details, cancellationToken);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var file = arguments.Option("--out") is { } path ? new StreamWriter(path) { NewLine = "\n" } : null;
        await foreach (var line in AuditExport.ReadAsync(connection, filter, cancellationToken))
        {
            await (file ?? Console.Out).WriteLineAsync(line.AsMemory(), cancellationToken);
        }

        return ExitCode.Done;
    }

    private static CommandArguments Parse(string[] args, params string[] options)
    {
        var arguments = new CommandArguments(args, options);
        return arguments.Positional is [] ? arguments : throw new UsageException($"unexpected argument: {arguments.Positional[0]}");
    }

    private static async Task<Database> OpenAsync(CommandArguments arguments, CancellationToken cancellationToken)
    {
        var settings = SettingsReader.Read(arguments.Settings, Directory.GetCurrentDirectory());
        var database = new Database(settings.Database.ConnectionString);
        try
        {
            await SchemaVersion.CheckAsync(database, cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static async Task AuditAsync(
        Database database, AuditKind kind, AuditOutcome outcome, Dictionary<string, object?> details, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.WriteAsync(new AuditEvent(kind, outcome, AuditEvent.User(Environment.UserName)) { Details = details }, cancellationToken);
    }

    /// <summary>Whole or not at all: an old head is better than half a new one.</summary>
    private static async Task WriteAsync(string file, string line, CancellationToken cancellationToken)
    {
        var part = $"{file}.part";
        await File.WriteAllTextAsync(part, line + "\n", cancellationToken);
        File.Move(part, file, overwrite: true);
    }

    private static DateTime? Time(CommandArguments arguments, string option) =>
        arguments.Option(option) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime
        : throw new UsageException($"{option} must be a time such as 2026-01-31 or 2026-01-31T12:00:00Z");
}
