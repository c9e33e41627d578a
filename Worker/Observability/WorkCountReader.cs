using Dapper;
using HSENet.Worker.Hosting;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Observability;

/// <summary>
/// Counts in the database what the gauges show: every few seconds, not at each scrape, and with each state that can be empty told as zero. All gateways of a database count
/// the same rows: over several, take the maximum.
/// </summary>
internal sealed class WorkCountReader(Database database, TimeProvider time, SweepLoop loop) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private const string SeriesSql = """
        select s.state, count(x.at) as count, coalesce(extract(epoch from now() - min(x.at)), 0)::double precision as oldest_seconds
          from (values ('receiving'), ('undecided')) s(state)
          left join (select 'receiving' as state, opened_at as at from series where state = 'receiving'
                     union all select 'undecided', created_at from candidate where state = 'waiting') x using (state)
         group by s.state
        """;

    private const string JobsSql = """
        select s.state, count(j.job_id) as count, coalesce(extract(epoch from now() - min(j.created_at)), 0)::double precision as oldest_seconds
          from unnest(array['ready', 'queued', 'running', 'failed', 'dead', 'cancelled']) s(state) left join job j on j.state = s.state and j.state <> 'drafted'
         group by s.state
        """;

    private const string DeliveriesSql = """
        select state, destination, count(*) as count, extract(epoch from now() - min(created_at))::double precision as oldest_seconds
          from delivery where state not in ('stored', 'committed', 'superseded') group by state, destination
        """;

    private volatile WorkCounts _counts = WorkCounts.None;

    public WorkCounts Counts => _counts;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? done = null;
        return loop.RunAsync(
            "counts",
            new WakeSignal(),
            async token =>
            {
                if (done is null || time.GetElapsedTime(done.Value) >= Period)
                {
                    _counts = await ReadAsync(token);
                    done = time.GetTimestamp();
                }

                return false;
            },
            stoppingToken);
    }

    internal async Task<WorkCounts> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return new()
        {
            Series = await CountAsync(SeriesSql),
            Jobs = await CountAsync(JobsSql),
            Deliveries = await CountAsync(DeliveriesSql),
            AuditRows = await connection.ExecuteScalarAsync<long>(
                new CommandDefinition("select coalesce(max(event_id), 0) from audit.event", cancellationToken: cancellationToken)),
        };

        async Task<List<StateCount>> CountAsync(string sql) =>
            (await connection.QueryAsync<StateCount>(new CommandDefinition(sql, cancellationToken: cancellationToken))).AsList();
    }
}
