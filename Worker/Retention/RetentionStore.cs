using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Persistence;
using Npgsql;

namespace HSENet.Worker.Retention;

/// <summary>Which received files may go, and their rows. Whatever is not known to be finished stays.</summary>
internal sealed class RetentionStore(Database database, WorkerSettings settings)
{
    private const int PageSize = 100;

    /// <summary>
    /// A series is old when it, its jobs and its deliveries ended before the retention; it is finished when nothing of its study is received, runs, failed
    /// without a later report or waits for its destination, when no sender is at it, and when no sender was lately promised that we keep it.
    /// </summary>
    private const string Finished = """
        s.instance_count > 0 and s.closed_at < now() - @Retention and s.last_instance_at < now() - @Retention
        and not exists (select from series o where o.study_uid = s.study_uid and o.state not in ('closed', 'refused'))
        and not exists (select from candidate c where c.study_uid = s.study_uid and c.state = 'waiting')
        and not exists (
            select from job j join series o using (series_key)
             where o.study_uid = s.study_uid
               and (j.state not in ('drafted', 'cancelled', 'failed', 'dead') or j.ended_at > now() - @Retention
                    or (j.state in ('failed', 'dead') and o.state <> 'refused'
                        and not exists (select from job l where l.series_key = j.series_key and l.route = j.route and l.created_at > j.created_at
                                           and l.state = 'drafted'))))
        and not exists (
            select from delivery d join job j using (job_id) join series o using (series_key)
             where o.study_uid = s.study_uid
               and (d.state not in ('stored', 'committed', 'superseded') or coalesce(d.committed_at, d.stored_at) > now() - @Retention
                    or exists (select from commitment c where c.delivery_id = d.delivery_id and c.state in ('due', 'asking', 'asked'))))
        and not exists (
            select from association_series c join association a using (association_id) where c.series_key = s.series_key and a.closed_at is null)
        and not exists (
            select from commitment_request q join commitment_reference r using (request_id) join instance i using (sop_instance_uid)
             where i.series_key = s.series_key and (q.state in ('pending', 'sending') or q.created_at > now() - @Retention))
        """;

    private const string PageSql = $"""
        select s.closed_at, s.series_key from series s
         where (s.closed_at, s.series_key) > (@closedAt, @seriesKey) and {Finished}
         order by s.closed_at, s.series_key limit @PageSize
        """;

    // of this spool: received here, or by nobody knows whom (indexed at a start)
    private const string InstancesSql = """
        select i.instance_key, i.length_bytes from instance i left join association a using (association_id)
         where i.series_key = @seriesKey and coalesce(a.host, @host) = @host
        """;

    /// <summary>The next series after one that may go, oldest first.</summary>
    public async Task<IReadOnlyList<(DateTime ClosedAt, Guid SeriesKey)>> PageAsync(DateTime closedAt, Guid seriesKey, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<(DateTime, Guid)>(new CommandDefinition(
            PageSql, new { closedAt, seriesKey, settings.Spool.Retention, PageSize }, commandTimeout: 0, cancellationToken: cancellationToken))];
    }

    /// <summary>
    /// Takes a series out of the ledger, as far as it lies in this spool, and notes its files for deletion. The series' row is locked first and everything is
    /// asked again then: a sender that comes meanwhile waits, and starts a new revision.
    /// </summary>
    /// <returns>The files; empty when the series may not go any more or has none here.</returns>
    public Task<IReadOnlyList<Guid>> TakeOutAsync(Guid seriesKey, string host, CancellationToken cancellationToken) =>
        database.InTransactionAsync<IReadOnlyList<Guid>>(
            async connection =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "select from series where series_key = @seriesKey for update", new { seriesKey }, cancellationToken: cancellationToken));
                var mayGo = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                    $"select exists (select from series s where s.series_key = @seriesKey and {Finished})",
                    new { seriesKey, settings.Spool.Retention },
                    cancellationToken: cancellationToken));
                var instances = !mayGo ? [] : (await connection.QueryAsync<(Guid Key, long Bytes)>(
                    new CommandDefinition(InstancesSql, new { seriesKey, host }, cancellationToken: cancellationToken))).AsList();
                if (instances.Count == 0)
                {
                    return [];
                }

                Guid[] keys = [.. instances.Select(i => i.Key)];
                await RemoveRowsAsync(connection, seriesKey, host, keys, cancellationToken);
                await connection.WriteAsync(
                    new AuditEvent(AuditKind.FilesDeleted, AuditOutcome.Success, AuditEvent.Service)
                    {
                        SeriesKey = seriesKey,
                        Reason = "spool.retention",
                        Details = new Dictionary<string, object?> { ["instances"] = keys.Length, ["bytes"] = instances.Sum(i => i.Bytes) },
                    },
                    cancellationToken);
                return keys;
            },
            cancellationToken);

    /// <summary>Files noted for deletion that an earlier run did not come to.</summary>
    public async Task<IReadOnlyList<(Guid SeriesKey, Guid InstanceKey)>> LeftAsync(string host, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<(Guid, Guid)>(new CommandDefinition(
            "select series_key, instance_key from spool_removal where host = @host", new { host }, cancellationToken: cancellationToken))];
    }

    /// <summary>Whether anything of a series is in the ledger.</summary>
    public async Task<bool> HasInstancesAsync(Guid seriesKey, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from instance where series_key = @seriesKey)", new { seriesKey }, cancellationToken: cancellationToken));
    }

    /// <summary>The files are gone.</summary>
    public async Task ForgetAsync(IReadOnlyCollection<Guid> instanceKeys, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from spool_removal where instance_key = any(@keys)", new { keys = instanceKeys.ToArray() }, cancellationToken: cancellationToken));
    }

    private static async Task RemoveRowsAsync(NpgsqlConnection connection, Guid seriesKey, string host, Guid[] keys, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into spool_removal(instance_key, series_key, host) select key, @seriesKey, @host from unnest(@keys) key;
            delete from former_header h using instance i
             where i.instance_key = any(@keys) and h.series_key = i.series_key and h.sop_instance_uid = i.sop_instance_uid
               and h.kind = 'beside';
            update former_header h
               set content = null,
                   counted_report = case when exists (select from former_header o
                                                       where o.series_key = i.series_key and o.sop_instance_uid = i.sop_instance_uid
                                                         and o.header_digest = substring(i.meaning from 33 for 32))
                                         then h.counted_report else coalesce(substring(i.meaning from 65 for 32), h.counted_report) end
              from instance i
             where i.instance_key = any(@keys) and h.series_key = i.series_key and h.sop_instance_uid = i.sop_instance_uid;
            delete from instance where instance_key = any(@keys);
            update series set instance_count = instance_count - cardinality(@keys) where series_key = @seriesKey;
            update draft set spool_copy = 'deleted' where job_id in (select job_id from job join series using (series_key) where series_key = @seriesKey and instance_count <= 0);
            """,
            new { keys, seriesKey, host },
            cancellationToken: cancellationToken));
    }
}
