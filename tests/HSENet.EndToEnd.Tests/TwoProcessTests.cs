using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary>Gateway and inference as processes of their own over RabbitMQ, with the demonstration model.</summary>
public sealed class TwoProcessTests
{
    private static readonly TimeSpan Deadline = SplitService.Deadline;

    [Fact]
    public async Task A_series_comes_back_as_one_report_though_the_inference_is_killed_in_the_middle()
    {
        await using var service = await SplitService.CreateAsync();
        var gateway = await service.StartGatewayAsync();
        await service.PushAsync();
        await using (var step = await HeldTable.HoldAsync(service.Database, SplitService.FirstStep))
        {
            var first = await service.StartInferenceAsync();
            await step.WaitForWaitersAsync(1, Deadline);
            first.Kill();
        }

        var second = await service.StartInferenceAsync();
        await service.Pacs.WaitForFilesAsync(1, Deadline);
        Assert.Equal(0, await second.StopAsync(Deadline));

        Assert.Single(service.Pacs.Files());
        Assert.Equal("drafted 2", await service.JobsAsync());
        Assert.DoesNotContain("torch", await File.ReadAllTextAsync($"/proc/{gateway.Process.Id}/maps"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, await gateway.StopAsync(Deadline));
    }

    [Fact]
    public async Task A_stop_signal_lets_the_running_job_end_and_takes_no_other()
    {
        await using var service = await SplitService.CreateAsync();
        await service.StartGatewayAsync();
        await service.PushAsync("a");
        await service.PushAsync("b");
        Task<int> end;
        await using (var step = await HeldTable.HoldAsync(service.Database, SplitService.FirstStep))
        {
            var inference = await service.StartInferenceAsync(("LOGGING__LOGLEVEL__MICROSOFT", "Information"));
            await step.WaitForWaitersAsync(1, Deadline);
            await service.WaitForJobsAsync("running 1, queued 0");
            await service.WaitForQueueAsync("messages", 2);
            end = inference.StopAsync(Deadline);
            await inference.WaitForLineAsync(l => l.Contains("shutting down", StringComparison.Ordinal), Deadline, "it stops");
            Assert.False(end.IsCompleted);
            Assert.Equal("running 1, queued 0", await service.JobsAsync());
        }

        Assert.Equal(0, await end);
        Assert.Equal(1, await service.Database.ScalarAsync<long>("select count(*) from audit.event where event = 'job.started'"));
        Assert.Equal("drafted", await service.Database.ScalarAsync<string>("select state from job order by created_at limit 1"));
        await service.Pacs.WaitForFilesAsync(1, Deadline);

        // the finished job's message is acknowledged, the other's is there for whoever comes
        await service.WaitForJobsAsync("drafted 1, queued 0");
        await service.WaitForQueueAsync("messages", 1);
        await service.WaitForQueueAsync("messages_ready", 1);
        var next = await service.StartInferenceAsync();
        await service.Pacs.WaitForFilesAsync(2, Deadline);
        Assert.Equal(0, await next.StopAsync(Deadline));
        Assert.Equal("drafted 1, drafted 1", await service.JobsAsync());
    }

    /// <summary>It may run on a machine of the inner network, by the dozen, with the spool mounted: it only computes.</summary>
    [Fact]
    public async Task An_inference_process_listens_on_nothing_leaves_the_spool_alone_and_delivers_nothing()
    {
        await using var service = await SplitService.CreateAsync();
        var gateway = await service.StartGatewayAsync();
        await service.PushAsync();
        Assert.Contains(service.Port, ListeningSockets.Of(gateway.Process.Id));
        Assert.Contains(Path.Combine(service.Spool, "lock"), OpenFiles.Of(gateway.Process.Id));
        WorkerProcess inference;
        var part = Path.Combine(service.Spool, "incoming", "0123.part");
        await using (var step = await HeldTable.HoldAsync(service.Database, SplitService.FirstStep))
        {
            inference = await service.StartInferenceAsync();
            await step.WaitForWaitersAsync(1, Deadline);
            Assert.Equal(0, await gateway.StopAsync(Deadline));
            await File.WriteAllTextAsync(part, "what a gateway removes when it opens the spool");
            var beside = await service.StartInferenceAsync();
            Assert.All(
                (WorkerProcess[])[inference, beside],
                process =>
                {
                    Assert.Empty(ListeningSockets.Of(process.Process.Id));
                    Assert.DoesNotContain(OpenFiles.Of(process.Process.Id), f => f.StartsWith(service.Spool, StringComparison.Ordinal));
                });
            Assert.Equal(0, await beside.StopAsync(Deadline));
        }

        // after the orderly end nothing is under way any more
        await service.WaitForJobsAsync("drafted 1");
        Assert.Equal(0, await inference.StopAsync(Deadline));
        Assert.Equal("pending 0", await service.Database.ScalarAsync<string>("select state || ' ' || attempt from delivery"));
        Assert.Empty(service.Pacs.Files());
        Assert.True(File.Exists(part));

        await service.StartGatewayAsync();
        await service.Pacs.WaitForFilesAsync(1, Deadline);
        Assert.False(File.Exists(part));
    }
}
