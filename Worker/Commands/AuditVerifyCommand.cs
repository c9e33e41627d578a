using System.CommandLine;
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
        var command = new Command("verify", "Looks for audit rows that were changed, deleted, reordered or cut off. Exit code 1 if there are any.").With(head, newHead);
        command.SetAction((result, cancellationToken) => RunAsync(result, result.GetValue(head), result.GetValue(newHead), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, string? head, string? newHead, CancellationToken cancellationToken)
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
        result.Output().WriteLine(line);
        if (newHead is not null)
        {
            await WriteAsync(newHead, line, cancellationToken);
        }

        return ExitCode.Done;
    }

    /// <summary>Whole or not at all: an old head is better than half a new one.</summary>
    private static async Task WriteAsync(string file, string line, CancellationToken cancellationToken)
    {
        var part = $"{file}.part";
        await File.WriteAllTextAsync(part, line + "\n", cancellationToken);
        File.Move(part, file, overwrite: true);
    }
}
