using System.Collections.Concurrent;
using System.Diagnostics;
using HSENet.Benchmarks.Pipeline;
using HSENet.TestKit;

namespace HSENet.Benchmarks.Soak;

/// <summary>
/// Small series, each on an association of its own, through gateway, RabbitMQ and worker processes to a PACS. The sender keeps a fixed number of them in flight, so a service that
/// slows down shows in the latency and does not pile up work. What is judged is in <see cref="SoakResult"/>.
/// </summary>
internal static class SoakBenchmark
{
    private const int SenderCount = 4;

    /// <returns>0 when everything holds, else 1.</returns>
    public static async Task<int> RunAsync(PipelineOptions options)
    {
        await using var rig = await PipelineRig.CreateAsync();
        await rig.StartGatewayAsync();
        await rig.StartWorkersAsync(options.WorkerCount, options.ModelTime);
        var clock = Stopwatch.StartNew();
        IReadOnlyList<Sample> samples;
        IReadOnlyList<SentSeries> sent;
        await using (var sampler = new Sampler(rig))
        {
            sent = await SendAsync(rig, options);
            await rig.WaitForReportsAsync(options.SeriesCount);
            samples = sampler.Samples;
        }

        var seconds = clock.Elapsed.TotalSeconds;
        var tables = await TableReads.ReadAsync(rig); // before this program's own questions
        await WaitForRestAsync(rig);
        var result = new SoakResult
        {
            Options = options,
            ProcessorCount = Environment.ProcessorCount,
            Seconds = seconds,
            Series = SoakResult.Match(sent, await ReportFiles.ReadAsync(rig.Pacs.Folder)),
            ReportCount = rig.CountReports(),
            Samples = samples,
            Tables = tables,
            Audit = await AuditCoverage.ReadAsync(rig, options.SeriesCount),
            InstanceCount = (await rig.QueryAsync<long>("select coalesce(sum((details::jsonb ->> 'stored')::int), 0) from audit.event where event = 'instances.received'"))[0],
            Verification = await VerifyAsync(rig),
        };
        await SoakReport.WriteAsync(result, Repo.Path(options.JsonFile));
        return result.Failures.Any() ? 1 : 0;
    }

    private static async Task<IReadOnlyList<SentSeries>> SendAsync(PipelineRig rig, PipelineOptions options)
    {
        var sent = new ConcurrentBag<SentSeries>();
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, SenderCount).Select(_ => Task.Run(async () =>
        {
            int number;
            while ((number = Interlocked.Increment(ref next)) <= options.SeriesCount)
            {
                await rig.WaitForReportsAsync(number - options.InFlightCount);
                sent.Add(await SmallSeries.SendAsync(rig.Port, number));
            }
        })));
        return [.. sent.OrderBy(series => series.AnsweredAt)];
    }

    /// <summary>The PACS has the last report before its row says so, and rows are sealed every second.</summary>
    private static async Task WaitForRestAsync(PipelineRig rig)
    {
        await UntilAsync(rig, "select count(*) from delivery where state <> 'stored'");
        await UntilAsync(rig, "select count(*) from audit.event e where not exists (select from audit.seal s where s.event_id = e.event_id and s.at = e.at)");
    }

    private static async Task UntilAsync(PipelineRig rig, string countOfRest)
    {
        var clock = Stopwatch.StartNew();
        while ((await rig.QueryAsync<long>(countOfRest))[0] > 0 && clock.Elapsed < PipelineRig.Deadline)
            await Task.Delay(200);
    }

    private static async Task<string> VerifyAsync(PipelineRig rig)
    {
        var verified = await rig.RunAsync("audit", "verify");
        return verified.ExitCode == 0 ? SoakResult.Clean : verified.Everything;
    }
}
