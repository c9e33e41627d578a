using Dapper;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Persistence;

/// <summary>Waits for an outage of the database to end, and tells of it.</summary>
internal sealed partial class DatabaseWatch(Database database, DatabaseTrouble trouble, TimeProvider time, ILogger<DatabaseWatch> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            for (var next = trouble.Begun.Next; ;)
            {
                await next.WaitAsync(stoppingToken);
                var begun = time.GetTimestamp();
                while (!await AnswersAsync(stoppingToken))
                {
                    await Task.Delay(Pause, time, stoppingToken);
                }

                next = trouble.Begun.Next; // before the end, so that the next beginning is not missed
                trouble.End();
                LogBack(log, time.GetElapsedTime(begun).TotalSeconds);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenOwnAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition("select 1", cancellationToken: cancellationToken));
            return true;
        }
#pragma warning disable CA1031 // whatever it is, it does not answer yet
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    [LoggerMessage(EventIds.DatabaseBack, LogLevel.Information, "The database answers again after {Seconds:F1} s; what waited goes on")]
    private static partial void LogBack(ILogger log, double seconds);
}
