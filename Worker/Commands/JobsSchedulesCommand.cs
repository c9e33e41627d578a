using System.CommandLine;
using HSENet.Commands;
using HSENet.Worker.Schedules;

namespace HSENet.Worker.Commands;

/// <summary><c>jobs schedules</c>: calendar work with its next and last run.</summary>
internal static class JobsSchedulesCommand
{
    public static Command Create()
    {
        var json = JobsCommand.Json();
        var command = new Command("schedules", "Lists work of the calendar (retention, audit partitions, checks) with its next and last run.").With(json);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var database = await result.Settings().OpenDatabaseAsync(cancellationToken);
            JobsCommand.Output(result, json).Write(await new ScheduleStore(database).ListAsync(cancellationToken));
            return ExitCode.Done;
        });
        return command;
    }
}
