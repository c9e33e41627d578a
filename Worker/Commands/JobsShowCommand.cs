using System.CommandLine;
using HSENet.Commands;

namespace HSENet.Worker.Commands;

/// <summary><c>jobs show ID</c>: one job with its deliveries and its story.</summary>
internal static class JobsShowCommand
{
    public static Command Create()
    {
        var id = JobId.One();
        var json = JobsCommand.Json();
        var command = new Command("show", "Shows one job with its deliveries and what happened to it.") { id }.With(json);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var database = await result.Settings().OpenDatabaseAsync(cancellationToken);
            var jobs = JobsCommand.Store(database);
            var jobId = await jobs.FindAsync(result.GetRequiredValue(id), cancellationToken);
            JobsCommand.Output(result, json).Write(await jobs.ShowAsync(jobId, cancellationToken));
            return ExitCode.Done;
        });
        return command;
    }
}
