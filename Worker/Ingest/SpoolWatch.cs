using HSENet.Worker.Observability;

namespace HSENet.Worker.Ingest;

/// <summary>Keeps the lock of this gateway: takes it back after an outage of the database, and ends the process when another gateway has taken its place.</summary>
internal sealed partial class SpoolWatch(SpoolHold hold, SpoolHoldTiming timing, TimeProvider time, ILogger<SpoolWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await hold.WaitForLossAsync(stoppingToken);
                stoppingToken.ThrowIfCancellationRequested();
                LogLost(log);
                while (!await hold.TryReturnAsync(stoppingToken))
                {
                    await Task.Delay(timing.Pause, time, stoppingToken);
                }

                LogReturned(log);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the lock goes with the process
        }
        catch (WorkerException e)
        {
            LogTaken(log, e.Code, e.Message);
            throw;
        }
    }

    [LoggerMessage(EventIds.SpoolHoldLost, LogLevel.Warning, "The session that holds the spool's lock in the database is lost; receiving goes on, and the lock is taken back as soon as the database is there")]
    private static partial void LogLost(ILogger log);

    [LoggerMessage(EventIds.SpoolHoldBack, LogLevel.Information, "The spool's lock in the database is held again")]
    private static partial void LogReturned(ILogger log);

    [LoggerMessage(EventIds.SpoolTaken, LogLevel.Critical, "{Code}: {Message}; this process ends")]
    private static partial void LogTaken(ILogger log, string code, string message);
}
