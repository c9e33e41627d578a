using Dapper;
using HSENet.Dicom.Identity;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;
using HSENet.Worker.Routing;
using Npgsql;

namespace HSENet.Worker.Ingest;

/// <summary>A header that does not count (any more).</summary>
/// <param name="Digest">Of what it says.</param>
/// <param name="TransferSyntaxUid">How it is written.</param>
/// <param name="Content">The data set without its pixels; null when it cannot be had.</param>
internal sealed record FormerHeader(byte[] Digest, string TransferSyntaxUid, byte[]? Content);

/// <summary>Changes of the row of an instance that is here: another file for it, another header.</summary>
internal sealed class HeaderLedger(Database database)
{
    private const string ReplaceSql = """
        update instance set instance_key = @InstanceKey, digest = @Digest, head_digest = @HeadDigest, meaning = @Meaning, length_bytes = @LengthBytes,
               transfer_syntax_uid = @TransferSyntaxUid
         where instance_key = @knownKey
        """;

    private const string LeaveSql = """
        insert into spool_removal(instance_key, series_key, host) values (@knownKey, @SeriesKey, @host) on conflict do nothing
        """;

    private const string FormerSql = """
        insert into former_header(series_key, sop_instance_uid, header_digest, kind, transfer_syntax_uid, content, association_id)
        values (@SeriesKey, @SopInstanceUid, @Digest, @kind, @TransferSyntaxUid, @Content, @AssociationId)
        on conflict do nothing
        """;

    private const string AgainSql = """
        update former_header h set came_again_at = coalesce(h.came_again_at, now())
          from former_header o
         where h.series_key = @SeriesKey and h.sop_instance_uid = @SopInstanceUid and h.header_digest = @digest
           and o.series_key = h.series_key and o.sop_instance_uid = h.sop_instance_uid and o.header_digest = h.header_digest
        returning o.came_again_at is null and h.kind = 'former'
        """;

    private const string ReviseSql = """
        update series s set revision = s.revision + case s.state when 'receiving' then 0 else 1 end,
               opened_at = case s.state when 'receiving' then s.opened_at else statement_timestamp() end, last_instance_at = statement_timestamp(),
               accession = @Accession, state = 'receiving', completeness = null, content_hash = null, closed_at = null, refusal_code = null, refusal_detail = null
          from series o
         where s.series_key = @SeriesKey and o.series_key = s.series_key
        returning s.revision, o.state <> 'receiving' as is_reopened, coalesce(s.corrected_revision = s.revision, false) as is_told
        """;

    // another image was changed to this identity in this revision; one that came as new with it is none of those
    private const string IdentityToldSql = """
        select exists (select from instance i
                        where i.series_key = @SeriesKey and i.instance_key <> @InstanceKey and i.revision = @revision and substring(i.meaning from @at) = @identity
                          and exists (select from former_header h
                                       where h.series_key = i.series_key and h.sop_instance_uid = i.sop_instance_uid and h.kind = 'former'))
        """;

    /// <summary>Stable code of a series that is open again because it came with another header.</summary>
    public const string HeaderChanged = "series.header-changed";

    /// <summary>Whether this header was the instance's before, or is kept beside the one that counts. That a former one came again is audited the first time.</summary>
    public Task<bool> IsKnownAsync(StoredInstance instance, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var isFirst = await connection.QuerySingleOrDefaultAsync<bool?>(new CommandDefinition(
                    AgainSql,
                    new { instance.SeriesKey, instance.Header.SopInstanceUid, digest = instance.Meaning!.Header.ToArray() },
                    cancellationToken: cancellationToken));
                if (isFirst is true)
                {
                    await AuditAsync(connection, AuditKind.HeaderKept, instance, "instance.header-former", [], cancellationToken);
                }

                return isFirst is not null;
            },
            cancellationToken);

    /// <summary>Another file that says the same lies in the place of the one that the row was about.</summary>
    public async Task ReplaceFileAsync(StoredInstance instance, Guid knownKey, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await ReplaceAsync(connection, instance with { InstanceKey = knownKey }, knownKey, cancellationToken);
    }

    /// <summary>The first header counts; this one is kept beside it.</summary>
    public Task<bool> KeepBesideAsync(StoredInstance instance, byte[]? content, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                await AddHeaderAsync(
                    connection, instance, "beside", new FormerHeader(instance.Meaning!.Header.ToArray(), instance.Header.TransferSyntaxUid, content), cancellationToken);
                await AuditAsync(connection, AuditKind.HeaderKept, instance, null, [], cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>The new header counts; the former one is kept. When it matters to a report, the series is open again as its next revision.</summary>
    /// <returns>Whether the series was reopened; null when the row is not what it was.</returns>
    public Task<bool?> TryTakeAsync(
        StoredInstance instance, Guid knownKey, InstanceMeaning known, FormerHeader former, string host, CancellationToken cancellationToken) =>
        database.InTransactionAsync<bool?>(
            async connection =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "select from series where series_key = @SeriesKey for update", new { instance.SeriesKey }, cancellationToken: cancellationToken));
                if (!await ReplaceAsync(connection, instance, knownKey, cancellationToken))
                {
                    return null;
                }

                await connection.ExecuteAsync(new CommandDefinition(LeaveSql, new { knownKey, instance.SeriesKey, host }, cancellationToken: cancellationToken));

                var meaning = instance.Meaning!;
                var matters = !meaning.Report.SequenceEqual(known.Report);
                await AddHeaderAsync(connection, instance, "former", former, cancellationToken);
                await AuditAsync(connection, AuditKind.HeaderTaken, instance, null, new() { ["matters"] = matters }, cancellationToken);
                return matters && await ReviseAsync(connection, instance, known, cancellationToken);
            },
            cancellationToken);

    private static async Task<bool> ReplaceAsync(NpgsqlConnection connection, StoredInstance instance, Guid knownKey, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            ReplaceSql,
            new
            {
                knownKey,
                instance.InstanceKey,
                instance.Digest,
                instance.HeadDigest,
                Meaning = instance.Meaning?.ToBytes(),
                instance.LengthBytes,
                instance.Header.TransferSyntaxUid,
            },
            cancellationToken: cancellationToken)) == 1;

    private static async Task<bool> ReviseAsync(
        NpgsqlConnection connection, StoredInstance instance, InstanceMeaning known, CancellationToken cancellationToken)
    {
        var (revision, isReopened, isTold) = await connection.QuerySingleAsync<(int, bool, bool)>(
            new CommandDefinition(ReviseSql, new { instance.SeriesKey, instance.Header.Accession }, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            "update instance set revision = @revision where instance_key = @InstanceKey", new { revision, instance.InstanceKey }, cancellationToken: cancellationToken));
        if (isReopened)
        {
            await AuditAsync(connection, AuditKind.SeriesReopened, instance, HeaderChanged, [], cancellationToken);
        }

        if (!isTold && !instance.Meaning!.Patient.SequenceEqual(known.Patient))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "update series set corrected_revision = revision where series_key = @SeriesKey", new { instance.SeriesKey }, cancellationToken: cancellationToken));
        }

        // once for all images that get this identity in this revision: a name that was corrected before tells nothing of it
        if (!instance.Meaning!.Identity.SequenceEqual(known.Identity) && !await IsIdentityToldAsync(connection, instance, revision, cancellationToken))
        {
            await AuditAsync(connection, AuditKind.IdentityCorrected, instance, "identity.patient", new() { ["revision"] = revision }, cancellationToken);
        }

        await EarlierJobs.CancelAsync(connection, instance.SeriesKey, contentHash: null, cancellationToken);
        return isReopened;
    }

    private static Task<bool> IsIdentityToldAsync(NpgsqlConnection connection, StoredInstance instance, int revision, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            IdentityToldSql,
            new { instance.SeriesKey, instance.InstanceKey, revision, identity = instance.Meaning!.Identity.ToArray(), at = InstanceMeaning.IdentityOffset + 1 },
            cancellationToken: cancellationToken));

    private static Task<int> AddHeaderAsync(
        NpgsqlConnection connection, StoredInstance instance, string kind, FormerHeader header, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            FormerSql,
            new { instance.SeriesKey, instance.Header.SopInstanceUid, header.Digest, kind, header.TransferSyntaxUid, header.Content, instance.AssociationId },
            cancellationToken: cancellationToken));

    private static Task AuditAsync(
        NpgsqlConnection connection, AuditKind kind, StoredInstance instance, string? reason, Dictionary<string, object?> details, CancellationToken cancellationToken) =>
        connection.WriteAsync(
            new AuditEvent(kind, AuditOutcome.Success, AuditEvent.Ae(instance.SourceAe))
            {
                AssociationId = instance.AssociationId,
                SeriesKey = instance.SeriesKey,
                SopInstanceUid = instance.Header.SopInstanceUid,
                Reason = reason,
                Details = details.Count > 0 ? details : null,
            },
            cancellationToken);
}
