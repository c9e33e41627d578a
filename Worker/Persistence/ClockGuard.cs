using Dapper;
using HSENet.Worker.Commitment;
using HSENet.Worker.Delivery;
using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using HSENet.Worker.Observability;
using Npgsql;

namespace HSENet.Worker.Persistence;

/// <summary>
/// Due times and leases are the database's clock. When that is set back, what was due, or held by a process that died, would wait as long as it went back:
/// hours for a machine whose clock ran ahead. A step back that is seen, by a clock that nobody sets, makes everything due that waits; times that lie further ahead
/// than any of them ever does are brought back whenever it happened.
/// </summary>
internal sealed partial class ClockGuard(Database database, JobTiming jobs, CommitmentTiming commitments, SweepLoop loop, TimeProvider time, ILogger<ClockGuard> log) : BackgroundService
{
    /// <summary>Between the clocks of two statements.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>A smaller step is not worth minding.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private (DateTime Database, long Steady)? _before;

    private const string MendSql = """
        with due_jobs as (
            update job set not_before = now() where state in ('ready', 'queued') and not_before > now() + @Backoff returning 1),
        running as (
            update job set lease_until = now() + @JobLease where state = 'running' and lease_until > now() + @JobLease + @Margin returning 1),
        queued as (
            update job set queued_at = now() where state = 'queued' and queued_at > now() + @Margin
               and not (not_before > now() + @Backoff) returning 1),
        due_deliveries as (
            update delivery set not_before = now() where state = 'pending' and not_before > now() + @Backoff returning 1),
        sending as (
            update delivery set lease_until = now() + @DeliveryLease where state = 'sending' and lease_until > now() + @DeliveryLease + @Margin returning 1),
        due_commitments as (
            update commitment set not_before = now() where state = 'due' and not_before > now() + @LongestPause returning 1),
        asking as (
            update commitment set lease_until = now() + @CommitmentLease where state = 'asking' and lease_until > now() + @CommitmentLease + @Margin returning 1),
        asked as (
            update commitment set answer_by = now() + @LongestWait where state = 'asked' and answer_by > now() + @LongestWait + @Margin returning 1),
        due_requests as (
            update commitment_request set not_before = now() where state = 'pending' and not_before > now() + @LongestPause returning 1),
        telling as (
            update commitment_request set lease_until = now() + @CommitmentLease where state = 'sending' and lease_until > now() + @CommitmentLease + @Margin returning 1)
        select (select count(*) from due_jobs) + (select count(*) from running) + (select count(*) from queued) + (select count(*) from due_deliveries)
             + (select count(*) from sending) + (select count(*) from due_commitments) + (select count(*) from asking) + (select count(*) from asked)
             + (select count(*) from due_requests) + (select count(*) from telling)
        """;

    /// <summary>Looks once; what is due now is found by the next sweep of its own loop.</summary>
    internal async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var wentBack = await HasGoneBackAsync(connection, cancellationToken);
        var count = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            MendSql,
            new
            {
                Margin,
                Backoff = wentBack ? TimeSpan.Zero : Backoff.Maximum + Margin,
                JobLease = jobs.Lease,
                DeliveryLease = DeliveryStore.Lease,
                LongestPause = wentBack ? TimeSpan.Zero : commitments.LongestPause + Margin,
                commitments.LongestWait,
                CommitmentLease = commitments.Lease,
            },
            cancellationToken: cancellationToken));
        if (count > 0)
        {
            LogMended(log, count);
        }

        return false;
    }

    private async Task<bool> HasGoneBackAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // asked after the steady clock was read: a slow answer looks like a step forward, never like one back
        var steady = time.GetTimestamp();
        var now = await connection.ExecuteScalarAsync<DateTime>(new CommandDefinition("select clock_timestamp()", cancellationToken: cancellationToken));
        var wentBack = _before is { } before && now < before.Database + time.GetElapsedTime(before.Steady, steady) - Step;
        _before = (now, time.GetTimestamp());
        return wentBack;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync("clock", new WakeSignal(), SweepAsync, stoppingToken);

    [LoggerMessage(EventIds.TimesMended, LogLevel.Warning, "The database's clock went back: {Count} due times and leases that lay too far ahead were brought back")]
    private static partial void LogMended(ILogger log, long count);
}
