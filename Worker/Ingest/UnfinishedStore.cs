using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;
using Npgsql;

namespace HSENet.Worker.Ingest;

/// <summary>The row of an instance whose file may not have become durable when the process or the machine stopped.</summary>
internal sealed record UnfinishedRow
{
    public required Guid InstanceKey { get; init; }

    public required Guid SeriesKey { get; init; }

    public Guid? AssociationId { get; init; }

    /// <summary>Null: the instance is to be deleted, only its file is known.</summary>
    public byte[]? Digest { get; init; }
}

/// <summary>
/// Rows are committed while the file becomes durable, so a machine that stops in between leaves a row that nobody was told of. An association does one operation at a
/// time (PS3.7 D.3.3.3): of each that was open, at most the last row is of this kind.
/// </summary>
internal sealed class UnfinishedStore(Database database)
{
    private const string RowsSql = """
        select instance_key, series_key, association_id, digest from instance where instance_key = any(@keys)
        union all
        select instance_key, series_key, null, null from spool_removal where instance_key = any(@keys)
        """;

    private const string LastSql = """
        select distinct on (a.association_id) i.instance_key, i.series_key, i.association_id, i.digest
          from association a
          join association_series c on c.association_id = a.association_id
          join instance i on i.series_key = c.series_key and i.association_id = a.association_id
         where a.host = @host and a.closed_at is null
         order by a.association_id, i.received_at desc, i.instance_key desc
        """;

    /// <summary>
    /// Not when anybody was told that an instance of the series is here already, for that may have been this one; and not when the series is closed, for its job counts
    /// on it. Such a row stays: its job, or at the deadline its series, says <c>spool.missing</c> until a sender repeats the instance.
    /// </summary>
    private const string TakeBackSql = """
        delete from instance i using series s
         where i.instance_key = @InstanceKey and s.series_key = i.series_key and s.state = 'receiving'
           and not exists (select from association_series c where c.series_key = i.series_key and c.duplicate_count > 0)
        returning i.sop_instance_uid
        """;

    private const string UncountSql = """
        update association_series set stored_count = stored_count - 1
         where association_id = @AssociationId and series_key = @SeriesKey and stored_count > 0;
        update series set instance_count = instance_count - 1 where series_key = @SeriesKey
        """;

    /// <summary>What is known of files, by key.</summary>
    public async Task<IReadOnlyDictionary<Guid, UnfinishedRow>> RowsAsync(IReadOnlyCollection<Guid> instanceKeys, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<UnfinishedRow>(
            new CommandDefinition(RowsSql, new { keys = instanceKeys.ToArray() }, cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.InstanceKey);
    }

    /// <summary>The last row of each association that an earlier process of this host left open.</summary>
    public async Task<IReadOnlyList<UnfinishedRow>> LastAsync(string host, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<UnfinishedRow>(new CommandDefinition(LastSql, new { host }, cancellationToken: cancellationToken))];
    }

    /// <summary>Takes back the row of an instance that has no whole file and was never acknowledged.</summary>
    /// <returns>False when it must stay.</returns>
    public Task<bool> TryTakeBackAsync(UnfinishedRow row, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "select from series where series_key = @SeriesKey for update", new { row.SeriesKey }, cancellationToken: cancellationToken));
                var sopInstanceUid = await connection.ExecuteScalarAsync<string?>(
                    new CommandDefinition(TakeBackSql, new { row.InstanceKey }, cancellationToken: cancellationToken));
                if (sopInstanceUid is null)
                {
                    return false;
                }

                await connection.ExecuteAsync(new CommandDefinition(UncountSql, new { row.AssociationId, row.SeriesKey }, cancellationToken: cancellationToken));
                await connection.WriteAsync(
                    new AuditEvent(AuditKind.InstanceRefused, AuditOutcome.MinorFailure, AuditEvent.Service)
                    {
                        AssociationId = row.AssociationId,
                        SeriesKey = row.SeriesKey,
                        SopInstanceUid = sopInstanceUid,
                        Reason = "instance.unfinished",
                    },
                    cancellationToken);
                return true;
            },
            cancellationToken);
}
