using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Delivery;
using HSENet.Worker.Ingest;
using HSENet.Worker.Persistence;
using HSENet.Worker.Routing;
using Npgsql;

namespace HSENet.Worker.Series;

/// <summary>Guarded transitions of series, each in one transaction with its audit row and with the jobs that it makes.</summary>
internal sealed class SeriesStore(Database database)
{
    /// <summary>Refused for files that the spool has lost: a sender that brings them opens the series again.</summary>
    public const string MissingCode = "spool.missing";

    /// <summary>Refused for files that are not what was received; mended in the same way.</summary>
    public const string DamagedCode = "spool.damaged";

    private const string ReceivingSql = """
        select s.series_key, s.series_uid, s.source_ae, s.revision, s.instance_count, s.opened_at, s.last_instance_at, now() as now,
               (select a.trace_context from association_series c join association a using (association_id)
                 where c.series_key = s.series_key order by a.opened_at limit 1) as trace_context
          from series s where s.state = 'receiving' order by s.last_instance_at
        """;

    /// <summary>
    /// Also those that stored nothing of a series and offered instances of it that are not here. An instance whose series is not known is held
    /// against each that its association carried.
    /// </summary>
    private const string AssociationsSql = """
        with carried as (
            select c.series_key, c.association_id, c.stored_count + c.duplicate_count as instances, c.duplicate_count as repeated, c.conflict_count
              from series s join association_series c using (series_key) where s.state = 'receiving'
            union all
            select distinct u.series_key, u.association_id, 0, 0, 0
              from series s join unstored_instance u using (series_key)
             where s.state = 'receiving' and not exists (
                   select from association_series c where c.association_id = u.association_id and c.series_key = u.series_key)
               and not exists (select from instance i where i.series_key = u.series_key and i.sop_instance_uid = u.sop_instance_uid))
        select c.series_key, c.association_id, a.calling_ae as sender, a.opened_at, coalesce(a.heard_at, a.closed_at) as ended_at, a.ending, c.instances, c.repeated,
               exists (select from former_header h
                        where h.series_key = c.series_key and h.association_id = c.association_id and h.kind = 'former' and h.matters) as has_changed,
               missing.has_turned_away, c.conflict_count > 0 or missing.has_refused as has_refused, missing.is_lacking,
               array(select distinct i.association_id
                       from unstored_instance u join instance i on i.series_key = c.series_key and i.sop_instance_uid = u.sop_instance_uid
                      where u.association_id = c.association_id and (u.series_key = c.series_key or u.series_key is null) and i.association_id is not null) as continued_by
          from carried c join association a using (association_id) cross join lateral (
               select coalesce(bool_or(not u.is_refused), false) as has_turned_away, coalesce(bool_or(u.is_refused), false) as has_refused,
                      coalesce(bool_or(u.series_key is not null), false) as is_lacking
                 from unstored_instance u
                where u.association_id = c.association_id and (u.series_key = c.series_key or u.series_key is null) and not exists (
                      select from instance i where i.sop_instance_uid = u.sop_instance_uid and (i.series_key = u.series_key or u.series_key is null))) missing
        """;

    private const string InstancesSql = """
        select instance_key, sop_instance_uid, digest, head_digest, meaning, length_bytes from instance
         where series_key = @seriesKey and revision <= @revision
        """;

    private const string GoneContentsSql = """
        select j.content_hash from job j
         where j.series_key = @SeriesKey and j.series_revision < @Revision and j.content_hash <> @contentHash
           and not exists (select from instance i where i.series_key = j.series_key and i.revision <= j.series_revision)
        """;

    private const string EndSql = """
        update series set state = @state, completeness = @completeness, partial_reason = @partialReason, content_hash = @contentHash, closed_at = now(),
               refusal_code = @code, refusal_detail = @detail, accession = coalesce(@accession, accession)
         where series_key = @SeriesKey and state = 'receiving' and revision = @Revision and instance_count = @InstanceCount and last_instance_at = @LastInstanceAt
        """;

    /// <summary>Refused: its images were deleted, and came again as they were before they were corrected.</summary>
    public const string FormerCode = "identity.former";

    /// <summary>As it is kept.</summary>
    public static string Completeness(bool isPartial) => isPartial ? "partial" : "complete";

    public async Task<IReadOnlyList<ReceivingSeries>> ReceivingAsync(CancellationToken cancellationToken)
    {
        // the associations second: an association that ends between the two is seen ended, and an instance that comes between makes the closing fail
        await using var connection = await database.OpenAsync(cancellationToken);
        var series = (await connection.QueryAsync<ReceivingSeries>(new CommandDefinition(ReceivingSql, cancellationToken: cancellationToken))).AsList();
        var associations = series.Count == 0
            ? []
            : (await connection.QueryAsync<SeriesAssociation>(new CommandDefinition(AssociationsSql, cancellationToken: cancellationToken))).AsList();
        var ofSeries = associations.ToLookup(c => c.SeriesKey);
        return [.. series.Select(s => s with { Associations = [.. ofSeries[s.SeriesKey]] })];
    }

    /// <summary>The instances of a series as of one of its revisions.</summary>
    public async Task<IReadOnlyList<SeriesInstance>> InstancesAsync(Guid seriesKey, int revision, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await InstancesAsync(connection, seriesKey, revision, cancellationToken);
    }

    /// <summary>The same on the caller's transaction.</summary>
    public static async Task<IReadOnlyList<SeriesInstance>> InstancesAsync(
        NpgsqlConnection connection, Guid seriesKey, int revision, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<SeriesInstance>(
            new CommandDefinition(InstancesSql, new { seriesKey, revision }, cancellationToken: cancellationToken))];

    /// <summary>Other contents of a series that jobs were made of, and whose images retention has deleted.</summary>
    public async Task<IReadOnlyList<string>> GoneContentsAsync(
        ReceivingSeries series, string contentHash, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<string>(new CommandDefinition(
            GoneContentsSql, new { series.SeriesKey, series.Revision, contentHash }, cancellationToken: cancellationToken))];
    }

    /// <summary>Instances say the same as before, and are known by other digests from now on.</summary>
    public async Task RenameAsync(IReadOnlyCollection<SeriesInstance> instances, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update instance set meaning = n.meaning from unnest(@keys, @meanings) n(key, meaning) where instance_key = n.key",
            new { keys = instances.Select(i => i.InstanceKey).ToArray(), meanings = instances.Select(i => i.Meaning).ToArray() },
            cancellationToken: cancellationToken));
    }

    /// <summary>
    /// Instances that were deleted and came again with a header that had been corrected before: how many from whoever had sent the
    /// correction, and how many in all.
    /// </summary>
    public async Task<(int Own, int All)> FormerAsync(Guid seriesKey, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleAsync<(int, int)>(
            new CommandDefinition(FormerHeaders.CountSql, new { seriesKey }, cancellationToken: cancellationToken));
    }

    /// <summary>Whether the patient, or the study, of the images was corrected by their sender before this revision closed.</summary>
    public async Task<bool> IsCorrectedAsync(Guid seriesKey, int revision, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from series where series_key = @seriesKey and corrected_revision <= @revision)",
            new { seriesKey, revision },
            cancellationToken: cancellationToken));
    }

    /// <summary>
    /// Closes a series. For a route that wants all series its job is made at once, unless that content has one; for one that wants the best of each study the series
    /// becomes a candidate. Jobs of what the series was before end with it.
    /// </summary>
    /// <param name="series">The series.</param>
    /// <param name="contentHash">Its content.</param>
    /// <param name="completion">Why it is closed.</param>
    /// <param name="rank">Against others of its study.</param>
    /// <param name="routes">Those that match.</param>
    /// <param name="notes">Stable codes of what is odd about it, for the audit.</param>
    /// <param name="accession">Accession Number that its report bears; null: none.</param>
    /// <param name="traceContext">W3C traceparent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new jobs; null when the series changed meanwhile.</returns>
    public Task<IReadOnlyList<Guid>?> TryCloseAsync(
        ReceivingSeries series,
        string contentHash,
        Completion completion,
        SeriesRank rank,
        IReadOnlyList<Route> routes,
        IReadOnlyList<string> notes,
        string? accession,
        string? traceContext,
        CancellationToken cancellationToken) =>
        database.InTransactionAsync<IReadOnlyList<Guid>?>(
            async connection =>
            {
                await EarlierJobs.LockAsync(connection, series.SeriesKey, cancellationToken);
                var left = await StudyCorrection.LockAsync(connection, series.SeriesKey, cancellationToken);
                if (!await EndAsync(connection, series, "closed", completion, contentHash, null, null, accession, cancellationToken))
                {
                    return null;
                }

                await connection.ExecuteAsync(
                    new CommandDefinition(FormerHeaders.CloseSql, new { series.SeriesKey }, cancellationToken: cancellationToken));
                await OutdatedDeliveries.WithdrawAsync(connection, series.SeriesKey, cancellationToken);
                if (left is { } former)
                {
                    await StudyCorrection.MoveAsync(connection, series.SeriesKey, former, cancellationToken);
                }

                await connection.WriteAsync(
                    new AuditEvent(AuditKind.SeriesClosed, AuditOutcome.Success, AuditEvent.Service)
                    {
                        SeriesKey = series.SeriesKey,
                        Reason = completion.Reason,
                        Details = new Dictionary<string, object?>
                        {
                            ["completeness"] = Completeness(completion.IsPartial),
                            ["closed_by"] = completion.ClosedBy,
                            ["associations"] = series.Associations.Count,
                            ["instances"] = series.InstanceCount,
                            ["revision"] = series.Revision,
                            ["content"] = contentHash,
                            ["notes"] = notes.Count > 0 ? notes : null,
                        },
                    },
                    cancellationToken);
                var jobs = await RouteAsync(connection, series, contentHash, completion, rank, routes, traceContext, cancellationToken);
                await EarlierJobs.EndAsync(
                    connection, series.SeriesKey, contentHash, [.. routes.Where(r => r.IsBestOnly).Select(r => r.Name)], cancellationToken);
                return jobs;
            },
            cancellationToken);

    /// <summary>Refuses a series. Jobs of what it was before end with it, and where its study had chosen it the others have their chance.</summary>
    /// <returns>False when the series changed meanwhile.</returns>
    public Task<bool> TryRefuseAsync(
        ReceivingSeries series, string contentHash, Completion completion, string code, string detail, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                await EarlierJobs.LockAsync(connection, series.SeriesKey, cancellationToken);
                if (!await EndAsync(connection, series, "refused", completion, contentHash, code, detail, null, cancellationToken))
                {
                    return false;
                }

                await OutdatedDeliveries.WithdrawAsync(connection, series.SeriesKey, cancellationToken);
                await EarlierJobs.EndAsync(connection, series.SeriesKey, contentHash, [], cancellationToken);
                await AuditRefusalAsync(connection, series.SeriesKey, null, code, detail, cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>On the caller's transaction: a closed series whose content was refused later, unless it has moved on.</summary>
    public static async Task RefuseClosedAsync(
        NpgsqlConnection connection, Guid seriesKey, int revision, Guid jobId, string code, string detail, CancellationToken cancellationToken)
    {
        var rows = await connection.ExecuteAsync(new CommandDefinition(
            "update series set state = 'refused', refusal_code = @code, refusal_detail = @detail where series_key = @seriesKey and state = 'closed' and revision = @revision",
            new { seriesKey, revision, code, detail },
            cancellationToken: cancellationToken));
        if (rows == 1)
        {
            await AuditRefusalAsync(connection, seriesKey, jobId, code, detail, cancellationToken);
        }
    }

    private static async Task<IReadOnlyList<Guid>> RouteAsync(
        NpgsqlConnection connection,
        ReceivingSeries series,
        string contentHash,
        Completion completion,
        SeriesRank rank,
        IReadOnlyList<Route> routes,
        string? traceContext,
        CancellationToken cancellationToken)
    {
        var jobs = new List<Guid>();
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            $"select {EarlierJobs.IsMoved} from series s where s.series_key = @SeriesKey",
            new { series.SeriesKey },
            cancellationToken: cancellationToken)))
        {
            await connection.WriteAsync(
                new AuditEvent(AuditKind.SeriesUnrouted, AuditOutcome.Success, AuditEvent.Service)
                {
                    SeriesKey = series.SeriesKey,
                    Reason = EarlierJobs.Moved,
                },
                cancellationToken);
            return jobs;
        }

        foreach (var route in routes)
        {
            if (route.IsBestOnly)
            {
                await CandidateStore.AddAsync(connection, series, contentHash, rank, completion.Reason, route, traceContext, cancellationToken);
                continue;
            }

            var job = new NewJob
            {
                SeriesKey = series.SeriesKey,
                SeriesRevision = series.Revision,
                ContentHash = contentHash,
                IsPartial = completion.IsPartial,
                PartialReason = completion.Reason,
                Route = route.Name,
                Mode = route.Mode,
                Model = route.Model,
                Priority = route.Priority,
                Destinations = [.. route.Destinations],
                TraceContext = traceContext,
            };
            if (await job.InsertAsync(connection, cancellationToken) is { } jobId)
            {
                jobs.Add(jobId);
            }
        }

        if (routes.Count == 0)
        {
            await connection.WriteAsync(
                new AuditEvent(AuditKind.SeriesUnrouted, AuditOutcome.Success, AuditEvent.Service) { SeriesKey = series.SeriesKey, Reason = "route.none" },
                cancellationToken);
        }

        return jobs;
    }

    private static Task AuditRefusalAsync(
        NpgsqlConnection connection, Guid seriesKey, Guid? jobId, string code, string detail, CancellationToken cancellationToken) =>
        connection.WriteAsync(
            new AuditEvent(AuditKind.SeriesRefused, AuditOutcome.MinorFailure, AuditEvent.Service)
            {
                SeriesKey = seriesKey,
                JobId = jobId,
                Reason = code,
                Details = new Dictionary<string, object?> { ["detail"] = detail },
            },
            cancellationToken);

    private static async Task<bool> EndAsync(
        NpgsqlConnection connection,
        ReceivingSeries series,
        string state,
        Completion completion,
        string contentHash,
        string? code,
        string? detail,
        string? accession,
        CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            EndSql,
            new
            {
                state,
                completeness = Completeness(completion.IsPartial),
                partialReason = completion.Reason,
                contentHash,
                code,
                detail,
                accession,
                series.SeriesKey,
                series.Revision,
                series.InstanceCount,
                series.LastInstanceAt,
            },
            cancellationToken: cancellationToken)) == 1;
}
