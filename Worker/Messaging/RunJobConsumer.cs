using System.Diagnostics;
using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using MassTransit;

namespace HSENet.Worker.Messaging;

/// <summary>
/// Runs the job that a message names. Never throws for a job's sake: failures are rows. The transport's own token is not minded: a connection
/// that breaks takes the message back, and then the claim drops it; a job under way is held by its row's lease and goes on.
/// </summary>
internal sealed class RunJobConsumer(
    JobRunner runner, JobStore store, PriorityGate gate, GpuAdmission gpu, JobTiming timing, HostDrain drain, ILogger<RunJobConsumer> log, bool isStat)
    : IConsumer<RunJob>
{
    private static readonly TimeSpan s_courtesy = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longestCourtesy = TimeSpan.FromSeconds(30);

    public async Task Consume(ConsumeContext<RunJob> context)
    {
        var jobId = context.Message.JobId;
        IDisposable? permit;
        try
        {
            permit = await EnterAsync();
        }
        catch (OperationCanceledException)
        {
            await GiveBackAsync(jobId, "host.stopping", null, TimeSpan.Zero);
            return;
        }

        if (permit is null)
        {
            await GiveBackAsync(jobId, GpuAdmission.Code, gpu.Shortage, timing.GpuPause);
            return;
        }

        using (permit)
        {
            await runner.RunAsync(jobId, drain.Expired);
        }
    }

    /// <summary>
    /// A routine job steps back while a STAT job is due that nobody runs: the messages of the two queues overtake each other. Not for ever, for the message of the STAT
    /// job may be lost until the next sweep. Either waits for a GPU that has no room.
    /// </summary>
    /// <returns>Null when the GPU had none for too long.</returns>
    private async Task<IDisposable?> EnterAsync()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var permit = await gate.EnterAsync(isStat, drain.Stopping);
            if (!gpu.HasRoom())
            {
                permit.Dispose();
                if (clock.Elapsed > timing.GpuPatience)
                {
                    return null;
                }

                await Task.Delay(s_look, drain.Stopping);
                continue;
            }

            var mayRun = isStat || clock.Elapsed > s_longestCourtesy;
            try
            {
                mayRun = mayRun || !await store.IsStatWaitingAsync(drain.Stopping);
            }
#pragma warning disable CA1031 // without an answer the claim decides
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                mayRun = true;
            }
            finally
            {
                if (!mayRun)
                {
                    permit.Dispose();
                }
            }

            if (mayRun)
            {
                return permit;
            }

            await Task.Delay(s_courtesy, drain.Stopping);
        }
    }

    /// <summary>The job's turn did not come here: its row says so, and it is sent again.</summary>
    private async Task GiveBackAsync(Guid jobId, string reason, string? detail, TimeSpan delay)
    {
        try
        {
            await store.TryReturnAsync(jobId, reason, detail, delay, CancellationToken.None);
        }
#pragma warning disable CA1031 // then it counts as lost and is sent again later
        catch (Exception e)
#pragma warning restore CA1031
        {
            InferenceLog.RunFailed(log, e, jobId);
        }
    }
}
