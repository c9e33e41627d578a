using System.CommandLine;
using HSENet.Commands;

namespace HSENet.Worker.Commands;

/// <summary><c>jobs list</c>: the newest jobs.</summary>
internal static class JobsListCommand
{
    private const int DefaultLimit = 100;
    private const int MaximumLimit = 10_000;

    private static readonly string[] States = ["ready", "queued", "running", "drafted", "failed", "dead", "cancelled"];
    private static readonly string[] DeliveryStates = ["pending", "sending", "stored", "committed", "failed", "superseded"];

    public static Command Create()
    {
        var state = Parameters.Choice("--state", "Only jobs in this state.", States);
        var delivery = Parameters.Choice("--delivery", "Only jobs with a delivery in this state.", DeliveryStates);
        var limit = Parameters.Number("--limit", "N", "At most so many jobs.", 1, MaximumLimit, DefaultLimit);
        var json = JobsCommand.Json();
        var command = new Command("list", "Lists the newest jobs.").With(state, delivery, limit, json);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var database = await result.Settings().OpenDatabaseAsync(cancellationToken);
            var jobs = await JobsCommand.Store(database).ListAsync(result.GetValue(state), result.GetValue(delivery), result.GetValue(limit), cancellationToken);
            JobsCommand.Output(result, json).Write(jobs);
            return ExitCode.Done;
        });
        return command;
    }
}
