using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary>A machine that hangs (a stuck disk, a suspended guest) and goes on later, believing the job its own. The real lease of 60 s passes.</summary>
public sealed class FrozenProcessTests
{
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    private static readonly TimeSpan Deadline = SplitService.Deadline;

    [Fact]
    public async Task A_process_that_was_frozen_beyond_its_lease_is_fenced_out_while_another_has_its_job()
    {
        await using var service = await SplitService.CreateAsync();
        await service.StartGatewayAsync();
        await service.PushAsync();
        WorkerProcess frozen;
        await using (var step = await HeldTable.HoldAsync(service.Database, SplitService.FirstStep))
        {
            frozen = await service.StartInferenceAsync();
            await step.WaitForWaitersAsync(1, Deadline);
            frozen.Process.Signal(Sigstop);
        }

        // the broker gives the message of the silent process to the other, which must not take a job that is held
        var other = await service.StartInferenceAsync(("LOGGING__LOGLEVEL__HSENET", "Debug"));
        await using (var step = await HeldTable.HoldAsync(service.Database, SplitService.FirstStep))
        {
            await other.WaitForLineAsync(l => l.Contains("is done or held by another", StringComparison.Ordinal), Deadline, "it gets the message and leaves the job");
            await service.WaitForJobsAsync("running 2");
            await step.WaitForWaitersAsync(1, Deadline);
            frozen.Process.Signal(Sigcont);
            await frozen.WaitForLineAsync(l => l.Contains("the lease was lost", StringComparison.Ordinal), Deadline, "it knows");
            Assert.Equal("running 2", await service.JobsAsync());
            Assert.Empty(service.Pacs.Files());
        }

        await service.Pacs.WaitForFilesAsync(1, Deadline);

        // the thawed one is whole again: it has its queue back, and ends in order
        await service.WaitForQueueAsync("consumers", 2);
        Assert.Equal(0, await frozen.StopAsync(Deadline));
        Assert.Equal(0, await other.StopAsync(Deadline));
        Assert.Single(service.Pacs.Files());
        Assert.Equal("drafted 2", await service.JobsAsync());
        Assert.Equal(
            "job.started 1, job.retried job.lease-expired, job.started 2, job.drafted",
            await service.Database.ScalarAsync<string>("""
                select string_agg(concat_ws(' ', event, reason, case event when 'job.started' then details::jsonb->>'attempt' end), ', ' order by event_id)
                  from audit.event where event in ('job.started', 'job.retried', 'job.drafted', 'job.failed', 'job.dead')
                """));
        Assert.Equal(
            $"{frozen.Process.Id}, {other.Process.Id}",
            await service.Database.ScalarAsync<string>("""
                select string_agg(split_part(details::jsonb->>'worker', '/', 3), ', ' order by event_id) from audit.event where event = 'job.started'
                """));
    }
}
