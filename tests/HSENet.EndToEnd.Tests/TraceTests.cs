using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary>Gateway, broker and inference as processes of their own, and a collector that gets their spans and metrics.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task One_trace_goes_from_the_association_over_the_queue_to_the_delivered_report()
    {
        await using var collector = new OtlpCollector();
        await using var service = await SplitService.CreateAsync(("Telemetry:OtlpEndpoint", collector.Url));
        var gateway = await service.StartGatewayAsync();
        var inference = await service.StartInferenceAsync();
        await service.PushAsync();
        await service.Pacs.WaitForFilesAsync(1, SplitService.Deadline);
        Assert.Equal(0, await inference.StopAsync(SplitService.Deadline));
        Assert.Equal(0, await gateway.StopAsync(SplitService.Deadline)); // what they still hold is sent at their end

        var job = Assert.Single(collector.Spans, s => s.Name == "hsenet.job");
        var trace = collector.Spans.Where(s => s.TraceId == job.TraceId).ToList();
        string[] stages = ["hsenet.read", "hsenet.preprocess", "hsenet.encode", "hsenet.prefill", "hsenet.decode"];
        string[] whole = ["hsenet.ingest", "hsenet.assemble", "hsenet.dispatch", "hsenet.job", "hsenet.deliver", .. stages];
        Assert.Empty(whole.Except(trace.Select(s => s.Name)));
        Assert.All(trace.Where(s => stages.Contains(s.Name)), s => Assert.Equal(job.SpanId, s.ParentId));

        // the association is the root, the job hangs on the message that was sent for it, and nothing hangs in the air
        Assert.Equal("hsenet.ingest", Assert.Single(trace, s => s.ParentId.Length == 0).Name);
        Assert.All(trace.Where(s => s.ParentId.Length > 0), s => Assert.Contains(trace, p => p.SpanId == s.ParentId));
        Assert.Contains("hsenet.dispatch", Ancestors(trace, job).Select(s => s.Name));
        Assert.Contains("MassTransit", Ancestors(trace, job).Select(s => s.Scope));
        Assert.Empty(new[] { "hsenet.instances.received", "hsenet.jobs", "hsenet.stage.duration", "hsenet.dependency.up" }.Except(collector.Metrics));
        var series = new CtSeriesBuilder { Identity = "a" };
        Assert.DoesNotContain(collector.Bodies, b => b.Contains("Builder", StringComparison.Ordinal) || b.Contains("BUILT-a", StringComparison.Ordinal));
        Assert.DoesNotContain(collector.Bodies, b => b.Contains(series.StudyUid, StringComparison.Ordinal));
    }

    private static IEnumerable<ReceivedSpan> Ancestors(List<ReceivedSpan> trace, ReceivedSpan span)
    {
        for (var parent = Parent(span); parent is not null; parent = Parent(parent))
            yield return parent;

        ReceivedSpan? Parent(ReceivedSpan child) => trace.Find(s => s.SpanId == child.ParentId);
    }
}
