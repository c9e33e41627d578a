using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using HSENet.Commands;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Commands;

/// <summary><c>audit verify</c>: the chain of hashes over the audit rows, and its end against a head that is kept elsewhere.</summary>
internal static class AuditVerifyCommand
{
    public static Command Create()
    {
        var head = Parameters.Text("--head", "FILE", "A head that an earlier run wrote and that was kept elsewhere: only it shows that the newest rows were cut off.");
        var newHead = Parameters.Text("--write-head", "FILE", "Writes the head of the chain as it is now, when nothing is wrong with it.");
        var json = Parameters.Flag("--json", "Prints the head as JSON, as --write-head writes it.");
        var command = new Command("verify", "Looks for audit rows that were changed, deleted, reordered or cut off. Exit code 1 if there are any.").With(head, newHead, json);
        command.SetAction((result, cancellationToken) => RunAsync(result, result.GetValue(head), result.GetValue(newHead), result.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, string? head, string? newHead, bool isJson, CancellationToken cancellationToken)
    {
        await using var database = await result.Settings().OpenDatabaseAsync(cancellationToken);
        var known = head is { } file ? AuditHead.Read(file) : null;
        var verdict = await new AuditVerifier(database).VerifyAsync(known, cancellationToken);
        foreach (var fault in verdict.Faults)
        {
            result.Output().WriteLine($"fault {fault}");
        }

        await AuditLog.WriteAsync(
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
        result.Output().WriteLine(isJson ? line : Text(verdict, known));
        if (newHead is not null)
        {
            await WriteAsync(newHead, line, cancellationToken);
        }

        return ExitCode.Done;
    }

    private static string Text(AuditVerdict verdict, AuditHead? known) => string.Create(
        CultureInfo.InvariantCulture,
        $"{verdict.Head.Seq} audit rows are sealed, none was changed, deleted or reordered; {verdict.UnsealedCount} wait for their seal. ")
        + (known is null ? "Rows cut off from the end show only against a head that is kept elsewhere (--head)."
            : string.Create(CultureInfo.InvariantCulture, $"The chain goes on from the head of {known.Seq} rows that was given."));

    /// <summary>Whole or not at all: an old head is better than half a new one.</summary>
    private static async Task WriteAsync(string file, string line, CancellationToken cancellationToken)
    {
        var part = $"{file}.part";
        await File.WriteAllTextAsync(part, line + "\n", cancellationToken);
        File.Move(part, file, overwrite: true);
    }
}
