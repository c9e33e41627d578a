using HSENet.Worker.Hosting;
using HSENet.Worker.Messaging;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Inference;

/// <summary>Moves jobs from the table to the queue: when woken by NOTIFY, and every second.</summary>
internal sealed class JobDispatcher(
    JobDispatchStore store, IJobQueue queue, JobSignal signal, SweepLoop loop, WorkObservers observers, LostMessages lost, JobTiming timing, TimeProvider time,
    ILogger<JobDispatcher> log, BrokerWatch? broker = null)
    : BackgroundService
{
    /// <summary>Sweeps come every second: after so long without one the database was away, or this process was.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(4);

    private long? _sweptAt;
    private long? _backAt;
    private readonly TroubleFlag _trouble = new();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync("jobs", signal.Signal, SweepAsync, stoppingToken);

    private async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        // after an outage those that run jobs are given the time to renew their claims
        if (_sweptAt is { } last && time.GetElapsedTime(last) > Outage)
        {
            _backAt = time.GetTimestamp();
        }

        var areLeasesJudged = _backAt is not { } back || time.GetElapsedTime(back) > timing.Renewal + Outage;
        var taken = await store.TakeBackAsync(areLeasesJudged, cancellationToken);
        _sweptAt = time.GetTimestamp();
        foreach (var (jobId, state) in taken)
        {
            InferenceLog.Requeued(log, jobId, state);
            if (state == "dead")
            {
                observers.Tell(o => o.JobNotDrafted(jobId, state, "job.lease-expired", "the process that ran it went away"));
            }
        }

        var gone = await lost.TakeBackAsync(cancellationToken);
        if (gone.Count > 0)
        {
            InferenceLog.MessagesLost(log, gone.Count);
        }

        // a send to a broker that is known to be away would only hold rows until its time is over
        if (broker is null or { Trouble: null })
        {
            await DispatchAsync(cancellationToken);
        }

        return false;
    }

    private async Task DispatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            var count = await store.DispatchAsync(queue, cancellationToken);
            if (count > 0)
            {
                InferenceLog.Dispatched(log, count);
                if (_trouble.Lower())
                {
                    MessagingLog.QueueWorks(log);
                }
            }
        }
        catch (WorkerException e)
        {
            // told once, tried every second
            if (_trouble.Raise())
            {
                MessagingLog.QueueTrouble(log, e.Code, e.Message);
            }
        }
    }
}
