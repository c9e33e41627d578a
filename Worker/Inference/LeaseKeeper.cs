using HSENet.Worker.Persistence;

namespace HSENet.Worker.Inference;

/// <summary>Renews a claim while its job is worked on. <see cref="Lost"/> fires when another may hold the job.</summary>
internal sealed class LeaseKeeper : IAsyncDisposable
{
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
        var renewed = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (!await timer.WaitForNextTickAsync(_stop.Token))
                {
                    return;
                }

                var asked = time.GetTimestamp();
                if (!await store.RenewAsync(claim, _stop.Token))
                {
                    await _lost.CancelAsync();
                    return;
                }

                renewed = asked;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // the database may come back before the lease is over
            catch (Exception e)
#pragma warning restore CA1031
            {
                InferenceLog.RenewalFailed(log, DatabaseOutage.Is(e) ? e : null, claim.JobId, e.GetType().Name);
                if (time.GetElapsedTime(renewed) >= timing.Lease)
                {
                    await _lost.CancelAsync();
                    return;
                }
            }
        }
    }
}
