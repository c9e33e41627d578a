using Dapper;
using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Audit;

/// <summary>
/// Keeps monthly partitions made for this month and the three ahead: at the start of every process, and daily by the calendar. Rows without one go to the
/// default partition: none is ever lost, and a start does not fail of it.
/// </summary>
internal sealed partial class AuditPartitions(Database database, ILogger<AuditPartitions> log) : IHostedService
{
    private const string EnsureSql = """
        select count(*) filter (where audit.ensure_month((current_date + make_interval(months => n))::date)) from generate_series(0, 3) n
        """;

    /// <returns>Number of partitions that were made.</returns>
    public async Task<int> EnsureAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<int>(new CommandDefinition(EnsureSql, cancellationToken: cancellationToken));
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await EnsureAsync(cancellationToken);
        }
#pragma warning disable CA1031 // the calendar tries again
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(log, e.GetType().Name);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventIds.AuditPartitionsFailed, LogLevel.Warning, "audit.partitions: months ahead could not be made now ({Exception})")]
    private static partial void LogFailed(ILogger log, string exception);
}
