using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Hosting;

/// <summary>Runs a sweep at least once a second, at once when woken, and through database outages, until stopped.</summary>
internal sealed partial class SweepLoop(TimeProvider time, ILogger<SweepLoop> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <param name="name">For the log.</param>
    /// <param name="signal">Ends a wait early.</param>
    /// <param name="sweep">One pass. Returns true when more work waits already.</param>
    /// <param name="cancellationToken">Ends the loop; a running pass is finished first unless it minds the token itself.</param>
    public async Task RunAsync(string name, WakeSignal signal, Func<CancellationToken, Task<bool>> sweep, CancellationToken cancellationToken)
    {
        var failures = 0;
        var isOutage = false; // then the whole process tells of it once
        while (!cancellationToken.IsCancellationRequested)
        {
            var woken = signal.Next;
            try
            {
                var isMoreWaiting = await sweep(cancellationToken);
                if (failures > 0)
                {
                    LogRecovered(log, isOutage ? LogLevel.Debug : LogLevel.Information, name, failures);
                    failures = 0;
                }

                if (isMoreWaiting)
                {
                    continue;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // a sweep that fails is tried again: the state is in the database
            catch (Exception e)
#pragma warning restore CA1031
            {
                var wasOutage = isOutage;
                isOutage = DatabaseOutage.Is(e);
                if (failures++ == 0 || (wasOutage && !isOutage))
                {
                    LogFailed(log, e, name);
                }
            }

            try
            {
                await Task.WhenAny(woken, Task.Delay(Interval, time, cancellationToken));
                if (failures > 0)
                {
                    await Task.Delay(Interval, time, cancellationToken);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(EventIds.SweepFailed, LogLevel.Error, "Sweep {Sweep} failed and is tried again every second")]
    private static partial void LogFailed(ILogger log, Exception exception, string sweep);

    [LoggerMessage(EventId = EventIds.SweepRecovered, Message = "Sweep {Sweep} works again after {FailureCount} failures")]
    private static partial void LogRecovered(ILogger log, LogLevel level, string sweep, int failureCount);
}
