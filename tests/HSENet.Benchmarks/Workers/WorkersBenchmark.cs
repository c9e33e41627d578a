using System.Globalization;
using System.Text.Json;
using HSENet.Benchmarks.Pipeline;
using HSENet.TestKit;

namespace HSENet.Benchmarks.Workers;

/// <summary>
/// Series per minute with 1, 2 and 4 worker processes over RabbitMQ, against what their sleeping models alone would do, and what a job costs beside its model; then, with nothing
/// else to do, how long each step takes from a series' last answer to its report at the PACS. Rounds alternate between the numbers of workers; medians.
/// </summary>
internal static class WorkersBenchmark
{
    private const int RoundCount = 3;
    private const int SenderCount = 4;
    private static readonly int[] s_workerCounts = [1, 2, 4];

    public static async Task RunAsync(PipelineOptions options)
    {
        await using var rig = await PipelineRig.CreateAsync();
        await rig.StartGatewayAsync();
        var next = 0;
        var runs = new List<Run>();
        for (var round = 0; round < RoundCount; round++)
        {
            foreach (var workers in s_workerCounts)
            {
                await rig.StartWorkersAsync(workers, options.ModelTime);
                await SendAsync(rig, ref next, 2 * workers); // code is compiled, connections are made
                runs.Add(await MeasureAsync(rig, workers, options, SendAsync(rig, ref next, workers * options.SeriesCount)));
                await rig.StopWorkersAsync();
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}, {workers} workers: {runs[^1].SeriesPerMinute:F0} series/min"));
            }
        }

        await rig.StartWorkersAsync(1, options.ModelTime);
        await SendAsync(rig, ref next, 2);
        var steps = await LatencyAsync(rig, options, next);
        Print(options, runs, steps);

        var json = Repo.Path(options.JsonFile);
        Directory.CreateDirectory(Path.GetDirectoryName(json)!);
        await File.WriteAllTextAsync(json, JsonSerializer.Serialize(new { options, Environment.ProcessorCount, runs, steps }));
        Console.WriteLine($"\n{json}");
    }

    /// <summary>Sends so many series at once and waits for their reports.</summary>
    private static Task<DateTime> SendAsync(PipelineRig rig, ref int next, int count)
    {
        var (first, last) = (next + 1, next += count);
        return RunAsync();

        async Task<DateTime> RunAsync()
        {
            var begun = (await rig.QueryAsync<DateTime>("select clock_timestamp()"))[0];
            var number = first - 1;
            await Task.WhenAll(Enumerable.Range(0, SenderCount).Select(_ => Task.Run(async () =>
            {
                int own;
                while ((own = Interlocked.Increment(ref number)) <= last)
                    await SmallSeries.SendAsync(rig.Port, own);
            })));
            await rig.WaitForReportsAsync(last);
            return begun;
        }
    }

    /// <summary>By the audit's rows: from the first start to the last draft, so that neither the sender nor the quiet period counts.</summary>
    private static async Task<Run> MeasureAsync(PipelineRig rig, int workers, PipelineOptions options, Task<DateTime> sending)
    {
        var begun = await sending;
        var (span, inside) = (await rig.QueryAsync<(double Span, double Inside)>($"""
            with job as (
                select job_id, min(at) filter (where event = 'job.started') as started, max(at) filter (where event = 'job.drafted') as drafted
                  from audit.event where at > '{begun:O}' and job_id is not null group by job_id)
            select extract(epoch from max(drafted) - min(started))::double precision,
                   percentile_cont(0.5) within group (order by extract(epoch from drafted - started))
              from job where drafted is not null
            """))[0];
        var jobs = workers * options.SeriesCount;
        var perJob = span * workers / jobs;
        return new Run(workers, jobs, span, jobs / span * 60, options.ModelTime.TotalSeconds / perJob, inside - options.ModelTime.TotalSeconds, perJob - options.ModelTime.TotalSeconds);
    }

    /// <summary>One series after the other through an idle service.</summary>
    private static async Task<IReadOnlyList<Step>> LatencyAsync(PipelineRig rig, PipelineOptions options, int last)
    {
        var begun = (await rig.QueryAsync<DateTime>("select clock_timestamp()"))[0];
        var sent = new List<SentSeries>();
        for (var i = 1; i <= options.SeriesCount; i++)
        {
            sent.Add(await SmallSeries.SendAsync(rig.Port, last + i));
            await rig.WaitForReportsAsync(last + i);
        }

        var reports = (await ReportFiles.ReadAsync(rig.Pacs.Folder)).ToDictionary(report => report.SeriesUid);
        var rows = (await rig.QueryAsync<(string SeriesUid, DateTime Closed, DateTime Created, DateTime Started, DateTime Drafted)>($"""
            select s.series_uid, min(e.at) filter (where event = 'series.closed') as closed, min(e.at) filter (where event = 'job.created') as created,
                   min(e.at) filter (where event = 'job.started') as started, max(e.at) filter (where event = 'job.drafted') as drafted
              from audit.event e join series s using (series_key) where e.at > '{begun:O}' group by s.series_uid
            """)).ToDictionary(row => row.SeriesUid);
        var all = sent.Select(series => (Sent: series.AnsweredAt, Row: rows[series.SeriesUid], Arrived: reports[series.SeriesUid].ArrivedAt)).ToList();
        return
        [
            Step.Of($"last image to series closed (quiet period {PipelineRig.QuietPeriod.TotalSeconds:F0} s)", all.Select(s => s.Row.Closed - s.Sent)),
            Step.Of("series closed to job", all.Select(s => s.Row.Created - s.Row.Closed)),
            Step.Of("dispatcher: job to start of the run", all.Select(s => s.Row.Started - s.Row.Created)),
            Step.Of($"run (model {options.ModelMilliseconds} ms)", all.Select(s => s.Row.Drafted - s.Row.Started)),
            Step.Of("draft to SR at the PACS", all.Select(s => s.Arrived - s.Row.Drafted)),
            Step.Of("last image to SR at the PACS", all.Select(s => s.Arrived - s.Sent)),
        ];
    }

    private static void Print(PipelineOptions options, List<Run> runs, IReadOnlyList<Step> steps)
    {
        Console.WriteLine($"model {options.ModelMilliseconds} ms, {RoundCount} rounds, medians");
        Console.WriteLine("| workers | series/min (range) | to 1 worker | share of the model's time | beside the model, of a run, ms | with the wait for the next job, ms |");
        Console.WriteLine("|---|---|---|---|---|---|");
        var one = runs.Where(run => run.WorkerCount == 1).ToList();
        foreach (var group in runs.GroupBy(run => run.WorkerCount))
        {
            var ratio = group.Zip(one, (run, single) => run.SeriesPerMinute / single.SeriesPerMinute).Median();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {group.Key} | {group.Select(r => r.SeriesPerMinute).Median():F0} ({group.Min(r => r.SeriesPerMinute):F0}-{group.Max(r => r.SeriesPerMinute):F0}) | {ratio:F2} | {group.Select(r => r.ModelShare).Median():F2} | {group.Select(r => r.RunOverheadSeconds).Median() * 1000:F0} | {group.Select(r => r.JobOverheadSeconds).Median() * 1000:F0} |"));
        }

        Console.WriteLine($"\n{options.SeriesCount} series, one after the other:\n| step | median, ms | p95, ms |\n|---|---|---|");
        foreach (var step in steps)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {step.Name} | {step.MedianMs:F0} | {step.P95Ms:F0} |"));
    }
}
