using System.Globalization;
using HSENet.Worker.Audit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Messaging;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;
using HSENet.Worker.Schedules;

namespace HSENet.Worker.Commands;

/// <summary><c>jobs list|show|retry|cancel|dead-letters|schedules</c>: the work from the operator's side. With <c>--json</c>, JSON Lines.</summary>
internal static class JobsCommand
{
    private const int DefaultLimit = 100;
    private const int MaximumLimit = 10_000;

    private static readonly string[] States = ["ready", "queued", "running", "drafted", "failed", "dead", "cancelled"];
    private static readonly string[] DeliveryStates = ["pending", "sending", "stored", "committed", "failed"];

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        var (flags, others) = Split(args, "--json", "--replay");
        var arguments = new CommandArguments(others, "--state", "--delivery", "--limit");
        if (arguments.Positional.ToArray() is not [var verb, .. var operands])
        {
            throw new UsageException("jobs needs list, show, retry, cancel, dead-letters or schedules");
        }

        Check(verb, flags, arguments, operands);
        var settings = SettingsReader.Read(arguments.Settings, Directory.GetCurrentDirectory());
        await using var database = new Database(settings.Database.ConnectionString);
        await SchemaVersion.CheckAsync(database, cancellationToken);
        var actor = AuditEvent.User(Environment.UserName);
        var store = new OperatorJobStore(database, actor);
        var output = new JobsOutput(Console.Out, flags.Contains("--json"));
        switch (verb)
        {
            case "list":
                output.Write(await store.ListAsync(arguments.Option("--state"), arguments.Option("--delivery"), Limit(arguments), cancellationToken));
                break;
            case "show":
                output.Write(await store.ShowAsync(Id(operands[0]), cancellationToken));
                break;
            case "retry":
                var deliveries = new OperatorDeliveryStore(database, actor);
                await ChangeAsync(operands, id => RetryAsync(id, store, deliveries, cancellationToken), RetryRefusalAsync, store, output, cancellationToken);
                break;
            case "cancel":
                await ChangeAsync(
                    operands,
                    async id => await store.TryCancelAsync(id, cancellationToken) ? [] : null,
                    RefusalAsync,
                    store,
                    output,
                    cancellationToken);
                break;
            case "schedules":
                output.Write(await new ScheduleStore(database).ListAsync(cancellationToken));
                break;
            default:
                await DeadLettersAsync(settings, store, output, flags.Contains("--replay"), cancellationToken);
                break;
        }

        return ExitCode.Done;
    }

    private static void Check(string verb, HashSet<string> flags, CommandArguments arguments, string[] operands)
    {
        var isList = verb is "list" or "dead-letters" or "schedules";
        switch (verb)
        {
            case "list" or "dead-letters" or "schedules" when operands.Length > 0:
                throw new UsageException($"jobs {verb} takes no {operands[0]}");
            case "show" when operands.Length != 1:
                throw new UsageException("jobs show needs one job");
            case "retry" or "cancel" when operands.Length == 0:
                throw new UsageException($"jobs {verb} needs one job or more");
            case "list" or "show" or "retry" or "cancel" or "dead-letters" or "schedules":
                break;
            default:
                throw new UsageException($"unknown: jobs {verb}");
        }

        if (!isList)
        {
            Array.ForEach(operands, operand => Id(operand));
        }

        if (flags.Contains("--replay") && verb != "dead-letters")
        {
            throw new UsageException("--replay belongs to jobs dead-letters");
        }

        if (verb != "list" && (arguments.Option("--state") ?? arguments.Option("--delivery") ?? arguments.Option("--limit")) is not null)
        {
            throw new UsageException("--state, --delivery and --limit belong to jobs list");
        }

        if (arguments.Option("--state") is { } state && !States.Contains(state))
        {
            throw new UsageException($"--state must be one of {string.Join(", ", States)}");
        }

        if (arguments.Option("--delivery") is { } delivery && !DeliveryStates.Contains(delivery))
        {
            throw new UsageException($"--delivery must be one of {string.Join(", ", DeliveryStates)}");
        }

        Limit(arguments);
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

    private static async Task<WorkerException> RefusalAsync(OperatorJobStore store, Guid jobId, string state, CancellationToken cancellationToken) =>
        await store.IsSupersededAsync(jobId, cancellationToken)
            ? new WorkerException("jobs.superseded", $"job {jobId} is {state}, and the report of its study is made of another series")
            : new WorkerException("jobs.state", $"job {jobId} is {state}");

    private static async Task<WorkerException> RetryRefusalAsync(OperatorJobStore store, Guid jobId, string state, CancellationToken cancellationToken)
    {
        var refusal = await RefusalAsync(store, jobId, state, cancellationToken);
        return refusal.Code == "jobs.state" && OperatorJobStore.CanRetry.Contains(state) && await store.IsDeletedAsync(jobId, cancellationToken)
            ? new WorkerException("jobs.deleted", $"job {jobId} is {state}, and the images that it was made of are not in the spool any more")
            : refusal;
    }

    /// <summary>Each job by itself: one that cannot be changed keeps no other from it, and is told at the end.</summary>
    private static async Task ChangeAsync(
        string[] operands,
        Func<Guid, Task<IReadOnlyList<string>?>> change,
        Func<OperatorJobStore, Guid, string, CancellationToken, Task<WorkerException>> explain,
        OperatorJobStore store,
        JobsOutput output,
        CancellationToken cancellationToken)
    {
        var refusals = new List<WorkerException>();
        foreach (var jobId in operands.Select(Id).Distinct())
        {
            var sentAgain = await change(jobId);
            var state = await store.StateAsync(jobId, cancellationToken);
            if (sentAgain is not null)
            {
                output.WriteChange(jobId, state!, sentAgain);
            }
            else if (state is null)
            {
                refusals.Add(OperatorJobStore.Unknown(jobId));
            }
            else
            {
                refusals.Add(await explain(store, jobId, state, cancellationToken));
            }
        }

        if (refusals.Count > 0)
        {
            throw new WorkerException(refusals[0].Code, string.Join("; ", refusals.Select(r => r.Message)));
        }
    }

    private static async Task DeadLettersAsync(
        WorkerSettings settings, OperatorJobStore store, JobsOutput output, bool isReplay, CancellationToken cancellationToken)
    {
        if (!settings.Queue.IsBroker)
        {
            throw new WorkerException("queue.none", "HSENet:Queue:Transport is memory: there are no dead letters, dead jobs are in 'jobs list --state dead'");
        }

        await using var connection = await BrokerConnection.OpenAsync(settings.Queue, "jobs", cancellationToken);
        output.Write(await new DeadLetterDesk(store).VisitAsync(connection, isReplay, cancellationToken));
    }

    private static int Limit(CommandArguments arguments) =>
        arguments.Option("--limit") is not { } text ? DefaultLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaximumLimit ? limit
        : throw new UsageException($"--limit must be 1 to {MaximumLimit}");

    private static Guid Id(string text) => Guid.TryParse(text, out var id) ? id : throw new UsageException($"{text} is no job id");

    private static (HashSet<string> Flags, string[] Others) Split(string[] args, params string[] flags) =>
        ([.. args.Where(flags.Contains)], [.. args.Where(a => !flags.Contains(a))]);
}
