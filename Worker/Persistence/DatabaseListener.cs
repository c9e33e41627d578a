using HSENet.Worker.Hosting;
using HSENet.Worker.Observability;
using Npgsql;

namespace HSENet.Worker.Persistence;

/// <summary>Wakes loops on NOTIFY. Only a short cut: without it the sweeps find the work within a second.</summary>
internal sealed partial class DatabaseListener(
    Database database, JobSignal jobs, DeliverySignal deliveries, TimeProvider time, ILogger<DatabaseListener> log) : BackgroundService
{
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isLost = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenOwnAsync(stoppingToken);
                connection.Notification += (_, e) => Pulse(e.Channel);
                await ExecuteAsync(connection, "listen job_ready; listen delivery_ready", stoppingToken);
                if (isLost)
                {
                    LogConnected(log);
                    isLost = false;
                }

                while (true)
                {
                    if (!await connection.WaitAsync(Probe, stoppingToken))
                    {
                        await ExecuteAsync(connection, "select 1", stoppingToken);
                    }
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // reconnects; the sweeps work meanwhile
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (!isLost)
                {
                    LogLost(log, DatabaseOutage.Is(e) ? e : null, e.GetType().Name);
                    isLost = true;
                }
            }

            try
            {
                await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants only
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Pulse(string channel)
    {
        (channel == "job_ready" ? jobs.Signal : deliveries.Signal).Pulse();
    }

    [LoggerMessage(EventIds.ListenerLost, LogLevel.Warning, "Notifications from the database were lost ({Exception}); sweeping meanwhile")]
    private static partial void LogLost(ILogger log, Exception? outage, string exception);

    [LoggerMessage(EventIds.ListenerConnected, LogLevel.Debug, "Notifications from the database are back")]
    private static partial void LogConnected(ILogger log);
}
