using Dapper;
using HSENet.Worker.Hosting;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Audit;

/// <summary>Keeps monthly partitions made for this month and the three ahead. Rows without one go to the default partition: none is ever lost.</summary>
internal sealed class AuditPartitions(Database database, TimeProvider time, SweepLoop loop) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(12);

    private const string EnsureSql = """
        select audit.ensure_month((current_date + make_interval(months => n))::date) from generate_series(0, 3) n
        """;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? done = null;
        return loop.RunAsync(
            "audit partitions",
            new WakeSignal(),
            async token =>
            {
                if (done is null || time.GetElapsedTime(done.Value) >= Period)
                {
                    await using var connection = await database.OpenAsync(token);
                    await connection.ExecuteAsync(new CommandDefinition(EnsureSql, cancellationToken: token));
                    done = time.GetTimestamp();
                }

                return false;
            },
            stoppingToken);
    }
}
