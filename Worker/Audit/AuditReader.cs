using Dapper;
using Npgsql;

namespace HSENet.Worker.Audit;

/// <summary>Reads seals and rows on the caller's transaction, which sees one moment of the database.</summary>
internal sealed class AuditReader(NpgsqlConnection connection)
{
    public const int PageSize = 5000;

    private const string PageSql = """
        select s.seq, s.event_id, s.row_hash, s.chain, e.event_id is not null,
               (extract(epoch from e.at) * 1000000)::bigint, e.event, e.dcm_code, e.dcm_type, e.action::text, e.outcome, e.actor, e.association_id,
               e.series_key, e.job_id, e.destination, e.study_uid, e.series_uid, e.sop_instance_uid, e.reason, e.details
          from (select * from audit.seal where seq > @after order by seq limit @PageSize) s
          left join audit.event e on e.event_id = s.event_id and e.at = s.at
         order by s.seq
        """;

    /// <summary>The seals after one, in order.</summary>
    public async Task<IReadOnlyList<SealedRow>> PageAsync(long after, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(PageSql, connection);
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("PageSize", PageSize);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<SealedRow>(PageSize);
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Add(new SealedRow
            {
                Seq = reader.GetInt64(0),
                EventId = reader.GetInt64(1),
                RowHash = reader.GetFieldValue<byte[]>(2),
                Chain = reader.GetFieldValue<byte[]>(3),
                Row = reader.GetBoolean(4) ? Row(reader) : null,
            });
        }

        return page;
    }

    /// <summary>Whether a row has this number, at whatever time.</summary>
    public Task<bool> HasEventAsync(long eventId, CancellationToken cancellationToken) => connection.ExecuteScalarAsync<bool>(new CommandDefinition(
        "select exists (select from audit.event where event_id = @eventId)", new { eventId }, cancellationToken: cancellationToken));

    /// <summary>The number of another row that was sealed with this hash; null when there is none.</summary>
    public Task<long?> OwnerOfHashAsync(byte[] rowHash, CancellationToken cancellationToken) => connection.QueryFirstOrDefaultAsync<long?>(new CommandDefinition(
        "select event_id from audit.seal where row_hash = @rowHash order by seq limit 1", new { rowHash }, commandTimeout: 0, cancellationToken: cancellationToken));

    /// <summary>Rows without seal: those that the sealer will still find, and those that it has passed, of which the first ones by number.</summary>
    public async Task<(long Waiting, IReadOnlyList<long> Passed)> UnsealedAsync(CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<(long EventId, bool IsPassed)>(new CommandDefinition(
            """
            select e.event_id, e.xid < (select sealed_below from audit.seal_state) from audit.event e
             where not exists (select from audit.seal s where s.event_id = e.event_id and s.at = e.at) order by e.event_id
            """,
            commandTimeout: 0,
            cancellationToken: cancellationToken))).AsList();
        return (rows.Count(r => !r.IsPassed), [.. rows.Where(r => r.IsPassed).Select(r => r.EventId)]);
    }

    private static AuditRow Row(NpgsqlDataReader reader) => new()
    {
        AtMicroseconds = reader.GetInt64(5),
        Event = reader.GetString(6),
        DcmCode = Text(reader, 7),
        DcmType = Text(reader, 8),
        Action = reader.GetString(9),
        Outcome = reader.GetInt16(10),
        Actor = reader.GetString(11),
        AssociationId = Key(reader, 12),
        SeriesKey = Key(reader, 13),
        JobId = Key(reader, 14),
        Destination = Text(reader, 15),
        StudyUid = Text(reader, 16),
        SeriesUid = Text(reader, 17),
        SopInstanceUid = Text(reader, 18),
        Reason = Text(reader, 19),
        Details = reader.GetString(20),
    };

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static Guid? Key(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);
}
