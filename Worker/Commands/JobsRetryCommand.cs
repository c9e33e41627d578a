using System.CommandLine;
using HSENet.Commands;
using HSENet.Worker.Operating;

namespace HSENet.Worker.Commands;

/// <summary>
/// <c>jobs retry ID…|--delivery failed</c>: starts again what failed, died or was cancelled; of a job with a report, the deliveries that
/// failed.
/// </summary>
internal static class JobsRetryCommand
{
    public static Command Create()
    {
        var ids = JobId.Many();
        ids.Arity = ArgumentArity.ZeroOrMore;
        var delivery = Parameters.Choice("--delivery", "Every job whose report some destination did not get and is not sent any more.", ["failed"]);
        var json = JobsCommand.Json();
        var command = new Command(
            "retry", "Starts jobs again that failed, died or were cancelled; of a job that has its report, sends it again where that failed.") { ids }.With(delivery, json);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(ids)?.Tokens.Count > 0) == (result.GetResult(delivery) is not null))
            {
                result.AddError("jobs retry takes jobs, or --delivery failed.");
            }
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var database = await result.Settings().OpenDatabaseAsync(cancellationToken);
            var jobs = JobsCommand.Store(database);
            var deliveries = new OperatorDeliveryStore(database, JobsCommand.Actor);
            string[] wanted = result.GetValue(delivery) is null
                ? result.GetValue(ids) ?? []
                : [.. (await deliveries.FailedAsync(cancellationToken)).Select(id => id.ToString())];
            await JobsChange.RunAsync(
                wanted, id => RetryAsync(id, jobs, deliveries, cancellationToken), RefusalAsync, jobs, JobsCommand.Output(result, json), cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A job without a report from its beginning; of one with a report, the deliveries that failed.</summary>
    /// <returns>Destinations that the report is sent to again; null when there is nothing to try again.</returns>
    private static async Task<IReadOnlyList<string>?> RetryAsync(
        Guid jobId, OperatorJobStore jobs, OperatorDeliveryStore deliveries, CancellationToken cancellationToken)
    {
        if (await jobs.TryRetryAsync(jobId, OperatorJobStore.CanRetry, "operator", cancellationToken))
        {
            return [];
        }

        var destinations = await deliveries.RestartAsync(jobId, "operator", cancellationToken);
        return destinations.Count > 0 ? destinations : null;
    }

    private static async Task<WorkerException> RefusalAsync(OperatorJobStore store, Guid jobId, string state, CancellationToken cancellationToken)
    {
        var refusal = await JobsChange.RefusalAsync(store, jobId, state, cancellationToken);
        return refusal.Code == "jobs.state" && OperatorJobStore.CanRetry.Contains(state) && await store.IsDeletedAsync(jobId, cancellationToken)
            ? new WorkerException("jobs.deleted", $"job {jobId} is {state}, and the images that it was made of are not in the spool any more")
            : refusal;
    }
}
