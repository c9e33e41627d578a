using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Ingest;

/// <summary>What is known of a file in a quarantine.</summary>
internal sealed record QuarantineRow
{
    public required string Name { get; init; }

    public required string Reason { get; init; }

    public required string SourceAe { get; init; }

    public Guid? AssociationId { get; init; }

    public Guid? SeriesKey { get; init; }

    public string? StudyUid { get; init; }

    public string? SopInstanceUid { get; init; }

    public required DateTime KeptAt { get; init; }
}

/// <summary>Rows about the files of quarantines.</summary>
internal sealed class QuarantineStore(Database database)
{
    private const string InsertSql = """
        insert into quarantined(name, host, reason, content_digest, length_bytes, source_ae, association_id, series_key, sop_instance_uid)
        values (@name, @host, @Reason, @ContentDigest, @lengthBytes, @SourceAe, @AssociationId, @SeriesKey, @SopInstanceUid)
        """;

    /// <returns>Names of files with this content.</returns>
    public async Task<IReadOnlyList<string>> FindAsync(string host, byte[] contentDigest, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<string>(new CommandDefinition(
            "select name from quarantined where content_digest = @contentDigest and host = @host", new { contentDigest, host }, cancellationToken: cancellationToken))];
    }

    public async Task AddAsync(string name, string host, long lengthBytes, QuarantineEntry entry, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            InsertSql,
            new { name, host, lengthBytes, entry.Reason, entry.ContentDigest, entry.SourceAe, entry.AssociationId, entry.SeriesKey, entry.SopInstanceUid },
            cancellationToken: cancellationToken));
    }

    public async Task<IReadOnlyDictionary<string, QuarantineRow>> RowsAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<QuarantineRow>(new CommandDefinition(
            """
            select q.name, q.reason, q.source_ae, q.association_id, q.series_key, s.study_uid, q.sop_instance_uid, q.kept_at
              from quarantined q left join series s using (series_key) where q.name = any(@names)
            """,
            new { names = names.ToArray() },
            cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Name, StringComparer.Ordinal);
    }

    /// <summary>Files are gone: their rows go, and the audit tells.</summary>
    public Task ForgetAsync(IReadOnlyCollection<QuarantineFile> files, string actor, string reason, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "delete from quarantined where name = any(@names)", new { names = files.Select(f => f.Name).ToArray() }, cancellationToken: cancellationToken));
                await connection.WriteAsync(
                    new AuditEvent(AuditKind.QuarantineEmptied, AuditOutcome.Success, actor)
                    {
                        Reason = reason,
                        Details = new Dictionary<string, object?>
                        {
                            ["files"] = files.Count,
                            ["bytes"] = files.Sum(f => f.LengthBytes),
                            ["names"] = files.Take(100).Select(f => f.Name).ToArray(),
                        },
                    },
                    cancellationToken);
                return true;
            },
            cancellationToken);
}
