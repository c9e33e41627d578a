using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;
using HSENet.Worker.Routing;
using HSENet.Worker.Series;
using Npgsql;

namespace HSENet.Worker.Ingest;

/// <summary>What the ledger knows of a SOP instance.</summary>
internal sealed record LedgerEntry
{
    public required Guid InstanceKey { get; init; }

    public required byte[] Digest { get; init; }

    public byte[]? HeadDigest { get; init; }

    public byte[]? Meaning { get; init; }

    public required string TransferSyntaxUid { get; init; }

    public required long LengthBytes { get; init; }

    public FileFacts Facts => new(LengthBytes, Digest, HeadDigest);
}

/// <summary>How an instance entered the ledger.</summary>
internal enum LedgerOutcome
{
    /// <summary>A new row.</summary>
    Added,

    /// <summary>A new row in a series that had been closed or refused: its next revision.</summary>
    AddedToReopenedSeries,

    /// <summary>Another row was there first; nothing was changed.</summary>
    Exists,
}

/// <summary>
/// One row for each acknowledged instance, keyed by (study, series, instance). Entering one also touches its series and the association's
/// share of it, in one transaction.
/// </summary>
internal sealed class InstanceLedger(Database database)
{
    private const string FindSql = """
        select instance_key, digest, head_digest, meaning, transfer_syntax_uid, length_bytes from instance where series_key = @SeriesKey and sop_instance_uid = @SopInstanceUid
        """;

    /// <summary>
    /// The common case in one statement, which commits by itself: the instance is not here and its series is new or receiving. Anything else changes nothing and returns
    /// no row; two senders with the same instance at the same moment make the later one fail (23505), which changes nothing either.
    /// </summary>
    private const string AddToReceivingSql = """
        with touched as (
            insert into series as s (series_key, study_uid, series_uid, modality, accession, state, instance_count, source_ae, opened_at, last_instance_at)
            select @SeriesKey, @StudyUid, @SeriesUid, @Modality, @Accession, 'receiving', 1, @SourceAe, statement_timestamp(), statement_timestamp()
             where not exists (select from instance where series_key = @SeriesKey and sop_instance_uid = @SopInstanceUid)
            on conflict (series_key) do update set instance_count = s.instance_count + 1, last_instance_at = statement_timestamp() where s.state = 'receiving'
            returning series_key, revision, xmax = 0 as is_new),
        counted as (
            insert into association_series as c (association_id, series_key, stored_count)
            select @AssociationId, series_key, 1 from touched
            on conflict (association_id, series_key) do update set stored_count = c.stored_count + 1)
        insert into instance(instance_key, series_key, revision, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number,
                             digest, head_digest, meaning, length_bytes, association_id)
        select @InstanceKey, series_key, revision, @SopInstanceUid, @SopClassUid, @TransferSyntaxUid, @InstanceNumber, @Digest, @HeadDigest, @Meaning, @LengthBytes,
               @AssociationId
          from touched
        returning (select is_new from touched)
        """;

    private const string AddSql = """
        with touched as (
            insert into series as s (series_key, study_uid, series_uid, modality, accession, state, instance_count, source_ae, opened_at, last_instance_at)
            values (@SeriesKey, @StudyUid, @SeriesUid, @Modality, @Accession, 'receiving', 1, @SourceAe, statement_timestamp(), statement_timestamp())
            on conflict (series_key) do update
               set instance_count = s.instance_count + 1,
                   last_instance_at = statement_timestamp(),
                   revision = s.revision + case s.state when 'receiving' then 0 else 1 end,
                   opened_at = case s.state when 'receiving' then s.opened_at else statement_timestamp() end,
                   state = 'receiving', completeness = null, content_hash = null, closed_at = null, refusal_code = null, refusal_detail = null
            returning series_key, revision, revision > 1 and opened_at = last_instance_at as is_reopened),
        added as (
            insert into instance(instance_key, series_key, revision, sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number,
                                 digest, head_digest, meaning, length_bytes, association_id)
            select @InstanceKey, series_key, revision, @SopInstanceUid, @SopClassUid, @TransferSyntaxUid, @InstanceNumber,
                   @Digest, @HeadDigest, @Meaning, @LengthBytes, @AssociationId
              from touched
            on conflict (series_key, sop_instance_uid) do nothing
            returning 1),
        counted as (
            insert into association_series as c (association_id, series_key, stored_count)
            select @AssociationId, series_key, 1 from touched where @AssociationId is not null
            on conflict (association_id, series_key) do update set stored_count = c.stored_count + 1
            returning 1)
        select (select count(*) from added) = 1 as is_added, is_reopened from touched
        """;

    private const string ReopenSql = """
        update series set state = 'receiving', revision = revision + 1, opened_at = statement_timestamp(), last_instance_at = statement_timestamp(),
               completeness = null, content_hash = null, closed_at = null, refusal_code = null, refusal_detail = null
         where series_key = @SeriesKey and state = 'refused' and refusal_code = any(@codes)
        """;

    private const string RemoveSql = """
        select from series where series_key = @SeriesKey for update;
        with removed as (
            delete from instance where instance_key = @InstanceKey returning series_key),
        uncounted as (
            update association_series set stored_count = stored_count - 1
             where association_id = @AssociationId and series_key in (select series_key from removed) and stored_count > 0)
        update series set instance_count = instance_count - 1 where series_key in (select series_key from removed)
        """;

    private static readonly string[] s_lostCodes = [SeriesStore.MissingCode, SeriesStore.DamagedCode];

    private const string IsFormerSql = $"""
        select coalesce(s.refusal_code = @FormerCode, false) or exists (select from former_header h where {FormerHeaders.IsBack})
          from instance i join series s using (series_key) where i.instance_key = @instanceKey
        """;

    private const string CountSql = """
        insert into association_series as c (association_id, series_key, duplicate_count, conflict_count)
        values (@associationId, @seriesKey, @duplicates, @conflicts)
        on conflict (association_id, series_key) do update
           set duplicate_count = c.duplicate_count + excluded.duplicate_count, conflict_count = c.conflict_count + excluded.conflict_count
        """;

    public async Task<LedgerEntry?> FindAsync(Guid seriesKey, string sopInstanceUid, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<LedgerEntry>(
            new CommandDefinition(FindSql, new { seriesKey, sopInstanceUid }, cancellationToken: cancellationToken));
    }

    public async Task<LedgerOutcome> AddAsync(StoredInstance instance, CancellationToken cancellationToken)
    {
        var row = new
        {
            instance.InstanceKey,
            instance.SeriesKey,
            instance.AssociationId,
            instance.SourceAe,
            instance.Digest,
            instance.HeadDigest,
            Meaning = instance.Meaning?.ToBytes(),
            instance.LengthBytes,
            instance.Header.SopInstanceUid,
            instance.Header.SopClassUid,
            instance.Header.TransferSyntaxUid,
            instance.Header.InstanceNumber,
            instance.Header.Modality,
            instance.Header.Accession,
            StudyUid = instance.Header.StudyInstanceUid,
            SeriesUid = instance.Header.SeriesInstanceUid,
        };
        await using var connection = await database.OpenAsync(cancellationToken);
        if (instance.AssociationId is not null && await AddToReceivingAsync(connection, row, cancellationToken) is { } isNewSeries)
        {
            if (isNewSeries)
            {
                await using var looking = await connection.BeginTransactionAsync(cancellationToken);
                await StudyCorrection.LookAsync(connection, instance, cancellationToken);
                await looking.CommitAsync(cancellationToken);
            }

            return LedgerOutcome.Added;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (isAdded, isReopened) = await connection.QuerySingleAsync<(bool, bool)>(new CommandDefinition(AddSql, row, cancellationToken: cancellationToken));
        if (!isAdded)
        {
            await transaction.RollbackAsync(cancellationToken);
            return LedgerOutcome.Exists;
        }

        if (isReopened)
        {
            await connection.WriteAsync(
                new AuditEvent(AuditKind.SeriesReopened, AuditOutcome.Success, AuditEvent.Ae(instance.SourceAe))
                {
                    AssociationId = instance.AssociationId,
                    SeriesKey = instance.SeriesKey,
                },
                cancellationToken);
            await EarlierJobs.CancelAsync(connection, instance.SeriesKey, contentHash: null, cancellationToken);
        }

        if (instance.AssociationId is null)
        {
            await connection.WriteAsync(
                new AuditEvent(AuditKind.InstanceRecovered, AuditOutcome.Success, AuditEvent.Service)
                {
                    SeriesKey = instance.SeriesKey,
                    SopInstanceUid = instance.Header.SopInstanceUid,
                },
                cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return isReopened ? LedgerOutcome.AddedToReopenedSeries : LedgerOutcome.Added;
    }

    /// <summary>Takes back an instance that was never acknowledged: its file did not get its place.</summary>
    public async Task RemoveAsync(StoredInstance instance, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            RemoveSql, new { instance.InstanceKey, instance.SeriesKey, instance.AssociationId }, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Counts an instance that is here already. The lock on its series makes retention wait, which then sees that a sender is at the series; or this waits for
    /// retention, and sees that the instance is gone.
    /// </summary>
    /// <returns>
    /// Null when the instance is not here any more: nothing was counted. Otherwise whether its header is a former one, or its series is refused for those.
    /// </returns>
    public Task<bool?> CountDuplicateAsync(Guid? associationId, Guid seriesKey, Guid instanceKey, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "select from series where series_key = @seriesKey for share", new { seriesKey }, cancellationToken: cancellationToken));
                var isFormer = await connection.QuerySingleOrDefaultAsync<bool?>(new CommandDefinition(
                    IsFormerSql, new { instanceKey, SeriesStore.FormerCode }, cancellationToken: cancellationToken));
                if (isFormer is not null && associationId is { } sender)
                {
                    await CountAsync(connection, sender, seriesKey, duplicates: 1, conflicts: 0, cancellationToken);
                }

                return isFormer;
            },
            cancellationToken);

    /// <summary>
    /// A lost file is back: a series that was refused for it is open again, and jobs that had died of it are ready again, as far as they are of what the series is now.
    /// </summary>
    public Task ReviveAsync(StoredInstance instance, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                // whoever changes the series waits, and ends then what is made ready here
                await connection.ExecuteAsync(new CommandDefinition(
                    "select from series where series_key = @SeriesKey for no key update", new { instance.SeriesKey }, cancellationToken: cancellationToken));
                var content = SeriesInstance.ContentHash(await SeriesStore.InstancesAsync(connection, instance.SeriesKey, int.MaxValue, cancellationToken));
                var reopened = await connection.ExecuteAsync(new CommandDefinition(
                    ReopenSql, new { instance.SeriesKey, codes = s_lostCodes }, cancellationToken: cancellationToken));
                if (reopened == 1)
                {
                    await connection.WriteAsync(
                        new AuditEvent(AuditKind.SeriesReopened, AuditOutcome.Success, AuditEvent.Ae(instance.SourceAe))
                        {
                            AssociationId = instance.AssociationId,
                            SeriesKey = instance.SeriesKey,
                            Reason = "instance.restored",
                        },
                        cancellationToken);
                }

                var jobs = (await connection.QueryAsync<Guid>(new CommandDefinition(
                    """
                    update job set state = 'ready', attempt = 0, not_before = now(), ended_at = null, error_code = null, error_detail = null
                     where series_key = @SeriesKey and content_hash = @content and state = 'dead' and error_code = any(@codes)
                       and not exists (select from job l where l.series_key = job.series_key and l.content_hash = job.content_hash
                                          and l.route = job.route and l.model = job.model and l.header_returns > job.header_returns)
                    returning job_id
                    """,
                    new { instance.SeriesKey, content, codes = s_lostCodes },
                    cancellationToken: cancellationToken))).AsList();
                foreach (var jobId in jobs)
                {
                    await connection.WriteAsync(
                        new AuditEvent(AuditKind.JobRetried, AuditOutcome.Success, AuditEvent.Ae(instance.SourceAe))
                        {
                            AssociationId = instance.AssociationId,
                            SeriesKey = instance.SeriesKey,
                            JobId = jobId,
                            Reason = "instance.restored",
                        },
                        cancellationToken);
                }

                return jobs.Count;
            },
            cancellationToken);

    /// <summary>Counts an instance whose UID is here already with other content; what is new in the quarantine is audited too.</summary>
    public Task RecordConflictAsync(StoredInstance instance, string reason, Quarantined kept, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                if (instance.AssociationId is { } associationId)
                {
                    await CountAsync(connection, associationId, instance.SeriesKey, duplicates: 0, conflicts: 1, cancellationToken);
                }

                if (!kept.IsNew)
                {
                    return true;
                }

                await connection.WriteAsync(
                    new AuditEvent(AuditKind.InstanceConflict, AuditOutcome.MinorFailure, AuditEvent.Ae(instance.SourceAe))
                    {
                        AssociationId = instance.AssociationId,
                        SeriesKey = instance.SeriesKey,
                        SopInstanceUid = instance.Header.SopInstanceUid,
                        Reason = reason,
                        Details = new Dictionary<string, object?> { ["quarantine"] = kept.Name },
                    },
                    cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>Which of the keys have rows, or had some and are to be deleted, and in which series.</summary>
    public async Task<IReadOnlyDictionary<Guid, Guid>> SeriesOfAsync(IReadOnlyCollection<Guid> instanceKeys, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(Guid Instance, Guid Series)>(new CommandDefinition(
            "select instance_key, series_key from instance where instance_key = any(@keys) union select instance_key, series_key from spool_removal where instance_key = any(@keys)",
            new { keys = instanceKeys.ToArray() },
            cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Instance, row => row.Series);
    }

    /// <returns>Whether it is the first of its series; null when it was not added.</returns>
    private static async Task<bool?> AddToReceivingAsync(NpgsqlConnection connection, object row, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.QuerySingleOrDefaultAsync<bool?>(new CommandDefinition(AddToReceivingSql, row, cancellationToken: cancellationToken));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null;
        }
    }

    /// <summary>On the caller's transaction.</summary>
    public static Task<int> CountAsync(
        NpgsqlConnection connection, Guid associationId, Guid seriesKey, int duplicates, int conflicts, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            CountSql, new { associationId, seriesKey, duplicates, conflicts }, cancellationToken: cancellationToken));
}
