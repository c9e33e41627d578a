using HSENet.Worker.Persistence;

namespace HSENet.Worker.Inference;

/// <summary>Renews a claim while its job is worked on. <see cref="Lost"/> fires when another may hold the job.</summary>
internal sealed class LeaseKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public LeaseKeeper(JobStore store, JobClaim claim, JobTiming timing, TimeProvider time, ILogger log)
    {
        _loop = KeepAsync(store, claim, timing, time, log);
    }

    public CancellationToken Lost => _lost.Token;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task KeepAsync(JobStore store, JobClaim claim, JobTiming timing, TimeProvider time, ILogger log)
    {
        using var timer = new PeriodicTimer(timing.Renewal, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                if (!await RenewAsync(store, claim, time, log))
                {
                    await _lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // released
        }
    }

    /// <summary>
    /// While the database is away from this process the work goes on, however long: only another's claim takes the job away, and without a
    /// database there is none. Tried often, so that the claim is renewed as soon as it can be.
    /// </summary>
    private async Task<bool> RenewAsync(JobStore store, JobClaim claim, TimeProvider time, ILogger log)
    {
        for (var isTold = false; ; isTold = true)
        {
            try
            {
                return await store.RenewAsync(claim, _stop.Token);
            }
#pragma warning disable CA1031 // whatever it is, the claim may still be ours
            catch (Exception e) when (!_stop.IsCancellationRequested)
#pragma warning restore CA1031
            {
                if (!isTold)
                {
                    InferenceLog.RenewalFailed(log, DatabaseOutage.Is(e) ? e : null, claim.JobId, e.GetType().Name);
                }
            }

            await Task.Delay(Pause, time, _stop.Token);
        }
    }
}
