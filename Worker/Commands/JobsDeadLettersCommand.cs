using System.CommandLine;
using HSENet.Commands;
using HSENet.Worker.Configuration;
using HSENet.Worker.Messaging;
using HSENet.Worker.Operating;

namespace HSENet.Worker.Commands;

/// <summary><c>jobs dead-letters [--replay]</c>: messages that nobody could work on.</summary>
internal static class JobsDeadLettersCommand
{
    public static Command Create()
    {
        var replay = Parameters.Flag("--replay", "Makes their jobs ready again, and removes the messages.");
        var json = JobsCommand.Json();
        var command = new Command("dead-letters", "Lists messages at the broker that no process could work on.").With(replay, json);
        command.SetAction(async (result, cancellationToken) =>
        {
            var settings = result.Settings();
            await using var database = await settings.OpenDatabaseAsync(cancellationToken);
            await RunAsync(settings, JobsCommand.Store(database), JobsCommand.Output(result, json), result.GetValue(replay), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task RunAsync(
        WorkerSettings settings, OperatorJobStore store, JobsOutput output, bool isReplay, CancellationToken cancellationToken)
    {
        if (!settings.Queue.IsBroker)
        {
            throw new WorkerException("queue.none", "HSENet:Queue:Transport is memory: there are no dead letters, dead jobs are in 'jobs list --state dead'");
        }

        await using var connection = await BrokerConnection.OpenAsync(settings.Queue, "jobs", cancellationToken);
        output.Write(await new OperatorDeadLetters(store).VisitAsync(connection, isReplay, cancellationToken));
    }
}
