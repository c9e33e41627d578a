using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Delivery;
using Npgsql;

namespace HSENet.Worker.Routing;

/// <summary>
/// Jobs of what a series was before it changed: the report that goes out is of its newest revision, so one that has not been written yet is not written. A job that runs loses
/// its lease, and what its process writes is thrown away.
/// </summary>
internal static class EarlierJobs
{
    /// <summary>Stable code of a job that ended because its series got another slice, or a changed one.</summary>
    public const string Changed = "series.changed";

    /// <summary>Stable code of such a job that goes on: the series is again what it was.</summary>
    public const string ChangedBack = "series.changed-back";

    /// <summary>Stable code of a job that ended, or was not made, because its series was moved to another study.</summary>
    public const string Moved = "series.moved";

    /// <summary>Of a series s.</summary>
    public const string IsMoved = "exists (select from series n where n.corrected_from = s.series_key and n.has_moved)";

    private const string CancelSql = """
        update job set state = 'cancelled', fence = fence + 1, lease_owner = null, lease_until = null, ended_at = now(), error_code = @code,
               error_detail = case @code when @Moved then 'its series was moved to another study'
                                         else 'its series got another slice, or a changed one' end
         where series_key = @seriesKey and state in ('ready', 'queued', 'running') and (@contentHash::text is null or content_hash <> @contentHash)
        returning job_id
        """;

    // nothing of it has gone out: the others of the study have their chance
    private const string LeftSql = """
        select c.job_id from candidate c join job j using (job_id)
         where c.series_key = @seriesKey and c.state = 'chosen'
           and (j.state = 'cancelled' or (select bool_and(d.state = 'superseded') from delivery d where d.job_id = j.job_id))
         order by c.route
        """;

    private const string ChosenSql = """
        select job_id from candidate where series_key = @seriesKey and state = 'chosen' and job_id is not null order by route
        """;

    // written and withdrawn is as good as never written
    private static readonly string s_orphanedSql = $"""
        select c.job_id from candidate c join job j using (job_id)
         where c.series_key = @seriesKey and c.state = 'chosen' and c.route <> all(@routes)
           and ((j.state = 'cancelled' and j.error_code = @Changed) or {OutdatedDeliveries.IsWithdrawn("j.job_id")})
         order by c.route
        """;

    private static readonly string s_withdrawnSql = $"""
        select c.job_id from candidate c join job j using (job_id) join series s on s.series_key = c.series_key
         where c.series_key = @seriesKey and c.state = 'chosen' and {OutdatedDeliveries.IsWithdrawn("j.job_id")}
           and ({IsMoved}
                or (s.state <> 'receiving'
                    and not exists (select from candidate n where n.series_key = c.series_key and n.route = c.route and s.state = 'closed'
                                       and n.series_revision = s.revision)))
         order by c.route
        """;

    /// <summary>On the transaction that opens the series again.</summary>
    /// <param name="connection">With the transaction, which has locked the series' row.</param>
    /// <param name="seriesKey">The series.</param>
    /// <param name="contentHash">A job of this content stays; null: none does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task CancelAsync(NpgsqlConnection connection, Guid seriesKey, string? contentHash, CancellationToken cancellationToken) =>
        CancelAsync(connection, seriesKey, contentHash, Changed, cancellationToken);

    /// <summary>Of a series that was moved to another study: what is not written yet is not written, and the others of its study have their chance.</summary>
    /// <param name="connection">With the transaction, which has taken <see cref="LockAsync"/> and then locked the series' row.</param>
    /// <param name="seriesKey">The series in the study that it has left.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task LeaveAsync(NpgsqlConnection connection, Guid seriesKey, CancellationToken cancellationToken)
    {
        await CancelAsync(connection, seriesKey, contentHash: null, Moved, cancellationToken);
        foreach (var jobId in await QueryAsync(connection, LeftSql, seriesKey, [], cancellationToken))
        {
            await FailedChoice.PassOnAsync(connection, jobId, cancellationToken);
        }
    }

    private static async Task CancelAsync(
        NpgsqlConnection connection, Guid seriesKey, string? contentHash, string code, CancellationToken cancellationToken)
    {
        var jobs = (await connection.QueryAsync<Guid>(
            new CommandDefinition(CancelSql, new { seriesKey, contentHash, code, Moved }, cancellationToken: cancellationToken))).AsList();
        foreach (var jobId in jobs)
        {
            await connection.WriteAsync(
                new AuditEvent(AuditKind.JobCancelled, AuditOutcome.Success, AuditEvent.Service) { SeriesKey = seriesKey, JobId = jobId, Reason = code },
                cancellationToken);
        }
    }

    /// <summary>Before the series' row is locked, as who decides about its study does: until the transaction ends nobody else does.</summary>
    public static async Task LockAsync(NpgsqlConnection connection, Guid seriesKey, CancellationToken cancellationToken)
    {
        foreach (var jobId in await QueryAsync(connection, ChosenSql, seriesKey, [], cancellationToken))
        {
            await FailedChoice.LockAsync(connection, jobId, cancellationToken);
        }
    }

    /// <summary>
    /// On the transaction that closes or refuses the series, after its waiting reports were withdrawn: ends what is left of earlier content, and gives the
    /// others of the study their chance.
    /// </summary>
    /// <param name="connection">With the transaction.</param>
    /// <param name="seriesKey">The series.</param>
    /// <param name="contentHash">Its content now: a job of it stays.</param>
    /// <param name="candidateOf">Routes with one report for each study that it is a candidate of again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task EndAsync(
        NpgsqlConnection connection, Guid seriesKey, string contentHash, string[] candidateOf, CancellationToken cancellationToken)
    {
        await CancelAsync(connection, seriesKey, contentHash, cancellationToken);
        foreach (var jobId in await QueryAsync(connection, s_orphanedSql, seriesKey, candidateOf, cancellationToken))
        {
            await FailedChoice.PassOnAsync(connection, jobId, cancellationToken);
        }
    }

    /// <summary>
    /// On the transaction that ends deliveries of a series later than its closing, for they were under way then: the others of the
    /// study have their chance. A series that is a candidate again as it is now needs none, and one that is received again has it
    /// when it closes.
    /// </summary>
    /// <param name="connection">With the transaction, which has taken <see cref="LockAsync"/> and then locked the series' row.</param>
    /// <param name="seriesKey">The series.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task PassOnWithdrawnAsync(NpgsqlConnection connection, Guid seriesKey, CancellationToken cancellationToken)
    {
        foreach (var jobId in await QueryAsync(connection, s_withdrawnSql, seriesKey, [], cancellationToken))
        {
            await FailedChoice.PassOnAsync(connection, jobId, cancellationToken);
        }
    }

    private static async Task<List<Guid>> QueryAsync(
        NpgsqlConnection connection, string sql, Guid seriesKey, string[] routes, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<Guid>(new CommandDefinition(sql, new { seriesKey, routes, Changed }, cancellationToken: cancellationToken))).AsList();
}
