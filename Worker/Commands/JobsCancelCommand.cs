using System.CommandLine;
using HSENet.Commands;

namespace HSENet.Worker.Commands;

/// <summary><c>jobs cancel ID…</c>: ends what has no report yet.</summary>
internal static class JobsCancelCommand
{
    public static Command Create()
    {
        var ids = JobId.Many();
        var json = JobsCommand.Json();
        var command = new Command("cancel", "Ends jobs that have no report yet, also while they run.") { ids }.With(json);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var database = await result.Settings().OpenDatabaseAsync(cancellationToken);
            var jobs = JobsCommand.Store(database);
            await JobsChange.RunAsync(
                result.GetRequiredValue(ids),
                async id => await jobs.TryCancelAsync(id, cancellationToken) ? [] : null,
                JobsChange.RefusalAsync,
                jobs,
                JobsCommand.Output(result, json),
                cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
