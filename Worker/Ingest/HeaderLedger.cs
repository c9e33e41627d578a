using Dapper;
using HSENet.Dicom.Identity;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;
using HSENet.Worker.Routing;
using HSENet.Worker.Series;
using Npgsql;

namespace HSENet.Worker.Ingest;

/// <summary>A header that does not count (any more).</summary>
/// <param name="Digest">Of what it says.</param>
/// <param name="TransferSyntaxUid">How it is written.</param>
/// <param name="Content">The data set without its pixels; null when it cannot be had.</param>
internal sealed record FormerHeader(byte[] Digest, string TransferSyntaxUid, byte[]? Content);

/// <summary>What an instance's other header is.</summary>
internal enum HeaderStanding
{
    /// <summary>It was never here.</summary>
    New,

    /// <summary>It was replaced, and whoever sent the one in its place sends it now.</summary>
    Returns,

    /// <summary>It was replaced, and others send it; or it is kept beside.</summary>
    DoesNotCount,
}

/// <summary>Changes of the row of an instance that is here: another file for it, another header.</summary>
internal sealed class HeaderLedger(Database database)
{
    /// <summary>So often former headers count again in a series: two machines with one AE title that disagree are not followed for ever.</summary>
    internal const int MostReturns = 5;

    private const string ReplaceSql = """
        update instance set instance_key = @InstanceKey, digest = @Digest, head_digest = @HeadDigest, meaning = @Meaning, length_bytes = @LengthBytes,
               transfer_syntax_uid = @TransferSyntaxUid
         where instance_key = @knownKey
        """;

    private const string LeaveSql = """
        insert into spool_removal(instance_key, series_key, host) values (@knownKey, @SeriesKey, @host) on conflict do nothing
        """;

    private const string FormerSql = """
        insert into former_header as h (series_key, sop_instance_uid, header_digest, kind, transfer_syntax_uid, content, association_id,
                                        matters, created_at)
        values (@SeriesKey, @SopInstanceUid, @Digest, @kind, @TransferSyntaxUid, @Content, @AssociationId, @matters, clock_timestamp())
        on conflict (series_key, sop_instance_uid, header_digest) do update
           set kind = excluded.kind, content = coalesce(excluded.content, h.content), association_id = excluded.association_id,
               matters = excluded.matters, created_at = excluded.created_at, came_again_at = null
        """;

    private const string ReturnsSql = $"""
        select h.kind = 'former' and (s.header_returns < @MostReturns or (s.returned_revision = s.revision and s.state = 'receiving'))
               and coalesce({FormerHeaders.CorrectedBy} = @SourceAe, false)
          from former_header h join series s using (series_key)
         where h.series_key = @SeriesKey and h.sop_instance_uid = @SopInstanceUid and h.header_digest = @digest
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

    private const string ReturnedSql = """
        update series set header_returns = header_returns + 1, returned_revision = revision
         where series_key = @SeriesKey and returned_revision is distinct from revision
        """;

    // what a job is made of is the same, and known by another digest from now on
    private const string RenameSql = """
        update series set content_hash = @after where series_key = @SeriesKey and content_hash = @before;
        update candidate set content_hash = @after where series_key = @SeriesKey and content_hash = @before;
        update job j set content_hash = @after
         where series_key = @SeriesKey and content_hash = @before
           and not exists (select from job o where o.series_key = j.series_key and o.content_hash = @after and o.route = j.route
                              and o.model = j.model and o.header_returns = j.header_returns);
        """;

    // another image was changed to this identity in this revision; one that came as new with it is none of those
    private const string IdentityToldSql = """
        select exists (select from instance i
                        where i.series_key = @SeriesKey and i.instance_key <> @InstanceKey and i.revision = @revision and substring(i.meaning from @at) = @identity
                          and exists (select from former_header h
                                       where h.series_key = i.series_key and h.sop_instance_uid = i.sop_instance_uid and h.kind = 'former'))
        """;

    /// <summary>Stable code of a header that had been replaced and counts again.</summary>
    public const string HeaderReturned = "instance.header-returned";

    /// <summary>Stable code of a series that is open again because it came with another header.</summary>
    public const string HeaderChanged = "series.header-changed";

    /// <summary>
    /// Whether this header was the instance's before, or is kept beside the one that counts, and whether it counts again. That a former one
    /// came again that does not is audited the first time.
    /// </summary>
    public Task<HeaderStanding> StandingAsync(StoredInstance instance, bool mayReturn, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var key = new
                {
                    instance.SeriesKey, instance.Header.SopInstanceUid, digest = instance.Meaning!.Header.ToArray(), instance.SourceAe, MostReturns,
                };
                var returns = await connection.QuerySingleOrDefaultAsync<bool?>(
                    new CommandDefinition(ReturnsSql, key, cancellationToken: cancellationToken));
                if (returns is null || (returns is true && mayReturn))
                {
                    return returns is null ? HeaderStanding.New : HeaderStanding.Returns;
                }

                if (await connection.QuerySingleOrDefaultAsync<bool?>(
                    new CommandDefinition(AgainSql, key, cancellationToken: cancellationToken)) is true)
                {
                    await AuditAsync(connection, AuditKind.HeaderKept, instance, "instance.header-former", [], cancellationToken);
                }

                return HeaderStanding.DoesNotCount;
            },
            cancellationToken);

    /// <summary>Another file that says the same lies in the place of the one that the row was about.</summary>
    public async Task ReplaceFileAsync(StoredInstance instance, Guid knownKey, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await ReplaceAsync(connection, instance with { InstanceKey = knownKey }, knownKey, cancellationToken);
    }

    /// <summary>
    /// The same header came again that is here, and it is a former one, of an image that was deleted; or the series is refused for those. From whoever may send it, it
    /// counts now; where all do that a refused series had, or an operator has deleted their rows, it is open again.
    /// </summary>
    /// <returns>Whether the series was reopened.</returns>
    public Task<bool> TakeAgainAsync(StoredInstance instance, bool mayReturn, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var key = new { instance.SeriesKey, instance.Header.SopInstanceUid, instance.SourceAe };
                await connection.ExecuteAsync(new CommandDefinition(
                    "select from series where series_key = @SeriesKey for no key update", key, cancellationToken: cancellationToken));
                var isTaken = mayReturn
                    && await connection.ExecuteAsync(new CommandDefinition(FormerHeaders.TakeSql, key, cancellationToken: cancellationToken)) == 1;
                if (isTaken)
                {
                    await AuditAsync(connection, AuditKind.HeaderTaken, instance, HeaderReturned, new() { ["matters"] = true }, cancellationToken);
                }

                var isReopened = await connection.ExecuteAsync(new CommandDefinition(
                    FormerHeaders.ReopenSql, new { instance.SeriesKey, isTaken, SeriesStore.FormerCode }, cancellationToken: cancellationToken)) == 1;
                if (isReopened)
                {
                    await AuditAsync(connection, AuditKind.SeriesReopened, instance, HeaderReturned, [], cancellationToken);
                }

                if (isTaken || isReopened)
                {
                    await connection.ExecuteAsync(
                        new CommandDefinition(ReturnedSql, new { instance.SeriesKey }, cancellationToken: cancellationToken));
                }

                return isReopened;
            },
            cancellationToken);

    /// <summary>The first header counts; this one is kept beside it.</summary>
    public Task<bool> KeepBesideAsync(StoredInstance instance, byte[]? content, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var header = new FormerHeader(instance.Meaning!.Header.ToArray(), instance.Header.TransferSyntaxUid, content);
                await AddHeaderAsync(connection, instance, "beside", header, matters: true, cancellationToken);
                await AuditAsync(connection, AuditKind.HeaderKept, instance, null, [], cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>The new header counts; the former one is kept. When it matters to a report, the series is open again as its next revision.</summary>
    /// <returns>Whether the series was reopened; null when the row is not what it was.</returns>
    public Task<bool?> TryTakeAsync(
        StoredInstance instance, LedgerEntry entry, InstanceMeaning known, FormerHeader former, bool isReturn, string host,
        CancellationToken cancellationToken) =>
        database.InTransactionAsync<bool?>(
            async connection =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "select from series where series_key = @SeriesKey for update", new { instance.SeriesKey }, cancellationToken: cancellationToken));
                var meaning = instance.Meaning!;
                var matters = !meaning.Report.SequenceEqual(known.Report);

                // the row of an older version stands for its bytes, or for attributes that do not matter any more: its series' jobs are of
                // the same content still
                var isAlike = InstanceMeaning.FromBytes(entry.Meaning) is { } row && meaning.Report.SequenceEqual(row.Report);
                var before = !isAlike && !matters ? await ContentAsync(connection, instance.SeriesKey, cancellationToken) : null;
                if (!await ReplaceAsync(connection, instance, entry.InstanceKey, cancellationToken))
                {
                    return null;
                }

                if (before is not null)
                {
                    var after = await ContentAsync(connection, instance.SeriesKey, cancellationToken);
                    await connection.ExecuteAsync(new CommandDefinition(
                        RenameSql, new { instance.SeriesKey, before, after }, cancellationToken: cancellationToken));
                }

                await connection.ExecuteAsync(new CommandDefinition(
                    LeaveSql, new { knownKey = entry.InstanceKey, instance.SeriesKey, host }, cancellationToken: cancellationToken));
                await AddHeaderAsync(connection, instance, "former", former, matters, cancellationToken);
                if (isReturn)
                {
                    await connection.ExecuteAsync(new CommandDefinition(
                        "delete from former_header where series_key = @SeriesKey and sop_instance_uid = @SopInstanceUid and header_digest = @digest",
                        new { instance.SeriesKey, instance.Header.SopInstanceUid, digest = meaning.Header.ToArray() },
                        cancellationToken: cancellationToken));
                }

                await AuditAsync(
                    connection, AuditKind.HeaderTaken, instance, isReturn ? HeaderReturned : null, new() { ["matters"] = matters }, cancellationToken);
                return matters && await ReviseAsync(connection, instance, known, isReturn, cancellationToken);
            },
            cancellationToken);

    private static async Task<string> ContentAsync(NpgsqlConnection connection, Guid seriesKey, CancellationToken cancellationToken) =>
        SeriesInstance.ContentHash(await SeriesStore.InstancesAsync(connection, seriesKey, int.MaxValue, cancellationToken));

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
        NpgsqlConnection connection, StoredInstance instance, InstanceMeaning known, bool isReturn, CancellationToken cancellationToken)
    {
        var (revision, isReopened, isTold) = await connection.QuerySingleAsync<(int, bool, bool)>(
            new CommandDefinition(ReviseSql, new { instance.SeriesKey, instance.Header.Accession }, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update instance set revision = @revision where instance_key = @InstanceKey;
            update series set header_revision = @revision where series_key = @SeriesKey;
            """,
            new { revision, instance.InstanceKey, instance.SeriesKey },
            cancellationToken: cancellationToken));
        if (isReturn)
        {
            await connection.ExecuteAsync(new CommandDefinition(ReturnedSql, new { instance.SeriesKey }, cancellationToken: cancellationToken));
        }

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
        NpgsqlConnection connection, StoredInstance instance, string kind, FormerHeader header, bool matters,
        CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            FormerSql,
            new
            {
                instance.SeriesKey, instance.Header.SopInstanceUid, header.Digest, kind, header.TransferSyntaxUid, header.Content,
                instance.AssociationId, matters,
            },
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
