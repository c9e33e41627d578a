using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HSENet.Benchmarks.Pipeline;
using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Delivery;
using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;
using HSENet.Worker.Reporting;
using Microsoft.Extensions.Logging.Abstractions;

namespace HSENet.Benchmarks.Backlog;

/// <summary>
/// What the service asks of the database for each job and each report, with 100 and with 10,000 of them waiting: for the workers, for a PACS that is back after a day, and for one
/// that is still away. Medians; the ratio is what a backlog costs, whatever the machine.
/// </summary>
internal static class BacklogBenchmark
{
    private const int RepeatCount = 41;
    private const string Owner = "benchmark";
    private static readonly int[] s_sizes = [100, 10_000];

    public static async Task RunAsync(string jsonFile)
    {
        var measured = new Dictionary<string, List<double>>();
        foreach (var size in s_sizes)
        {
            await using var test = await TestDatabase.CreateAsync();
            await Migrator.MigrateAsync(test.OwnerConnectionString, CancellationToken.None);
            await test.ExecuteAsync(BacklogRows.Sql(size));
            await using var database = new Database(test.ServiceConnectionString);
            foreach (var (name, reset, work) in Steps(database))
            {
                var times = new List<double>();
                for (var i = 0; i < RepeatCount; i++)
                {
                    var begun = Stopwatch.GetTimestamp();
                    await work();
                    times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                    if (reset.Length > 0)
                        await test.ExecuteAsync(reset);
                }

                measured.TryAdd(name, []);
                measured[name].Add(times.Median());
            }
        }

        Console.WriteLine($"| | {s_sizes[0]} waiting, ms | {s_sizes[1]} waiting, ms | ratio |\n|---|---|---|---|");
        foreach (var (name, medians) in measured)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {medians[0]:F2} | {medians[1]:F2} | {medians[1] / medians[0]:F2} |"));
        var json = Repo.Path(jsonFile);
        Directory.CreateDirectory(Path.GetDirectoryName(json)!);
        await File.WriteAllTextAsync(json, JsonSerializer.Serialize(measured));
        Console.WriteLine($"\n{json}");
    }

    /// <summary>Each with the statement that makes its rows as they were.</summary>
    private static IReadOnlyList<(string Name, string Reset, Func<Task> Work)> Steps(Database database)
    {
        var timing = new JobTiming();
        var (dispatch, jobs) = (new JobDispatchStore(database, timing), new JobStore(database, timing));
        var settings = new WorkerSettings();
        var deliveries = new DeliveryStore(database, settings, new KeptReports(settings));
        var counts = new WorkCountReader(database, TimeProvider.System, new SweepLoop(TimeProvider.System, NullLogger<SweepLoop>.Instance));
        return
        [
            ("dispatch of the next jobs", "update job set state = 'ready' where state = 'queued'", async () => Expect(await dispatch.DispatchAsync(new NoQueue(), default) == timing.QueueWindow)),
            ("look for lost jobs", "", async () => Expect((await dispatch.TakeBackAsync(default)).Count == 0)),
            ("look for STAT work", "", async () => Expect(!await jobs.IsStatWaitingAsync(default))),
            ("claim of a job", $"update job set state = 'ready', attempt = 0 where job_id = '{BacklogRows.FirstJob}'", async () => Expect(await jobs.TryClaimAsync(BacklogRows.FirstJob, Owner, default) is not null)),
            ("claim of a report to send", Reset(BacklogRows.Back), async () => Expect(await deliveries.TryClaimAsync(BacklogRows.Back, Owner, default) is not null)),
            ("look at a PACS that is away", "", async () => Expect(await deliveries.TryClaimAsync(BacklogRows.Away, Owner, default) is null)),
            ("claim of a report for a PACS that is away", Reset(BacklogRows.AwayOneDue), async () => Expect(await deliveries.TryClaimAsync(BacklogRows.AwayOneDue, Owner, default) is not null)),
            ("counts for the metrics (every 5 s)", "", () => counts.ReadAsync(default)),
        ];
    }

    private static string Reset(string destination) =>
        $"update delivery set state = 'pending', not_before = created_at, lease_until = null where state = 'sending' and destination = '{destination}'";

    private static void Expect(bool isSo)
    {
        if (!isSo)
            throw new InvalidOperationException("the step did not do what is measured");
    }

    private sealed class NoQueue : IJobQueue
    {
        public Task SendAsync(Guid jobId, bool isStat, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
