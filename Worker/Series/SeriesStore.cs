using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;
using HSENet.Worker.Routing;
using Npgsql;

namespace HSENet.Worker.Series;

/// <summary>Guarded transitions of series, each in one transaction with its audit row and with the jobs that it makes.</summary>
internal sealed class SeriesStore(Database database)
{
    private const string ReceivingSql = """
        select s.series_key, s.series_uid, s.revision, s.instance_count, s.opened_at, s.last_instance_at, now() as now,
               exists (select from association_series c join association a using (association_id)
                        where c.series_key = s.series_key and a.closed_at is null) as has_open_association
          from series s where s.state = 'receiving' order by s.last_instance_at
        """;

    private const string InstancesSql = """
        select instance_key, sop_instance_uid, digest, length_bytes from instance
         where series_key = @seriesKey and revision <= @revision
        """;

    private const string EndSql = """
        update series set state = @state, completeness = @completeness, content_hash = @contentHash, closed_at = now(),
               refusal_code = @code, refusal_detail = @detail
         where series_key = @SeriesKey and state = 'receiving' and revision = @Revision and instance_count = @InstanceCount
        """;

    private const string InsertJobSql = """
        insert into job(job_id, series_key, series_revision, content_hash, is_partial, route, mode, model, priority, destinations, state, predecessor_job_id)
        values (@jobId, @SeriesKey, @Revision, @contentHash, @isPartial, @Name, @Mode, @Model, @Priority, @destinations, 'ready',
                (select p.job_id from job p where p.series_key = @SeriesKey and p.route = @Name and p.series_revision < @Revision
                  order by p.series_revision desc, p.created_at desc limit 1))
        on conflict (series_key, content_hash, route, model) do nothing
        """;

    public async Task<IReadOnlyList<ReceivingSeries>> ReceivingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<ReceivingSeries>(new CommandDefinition(ReceivingSql, cancellationToken: cancellationToken))];
    }

    /// <summary>The instances of a series as of one of its revisions.</summary>
    public async Task<IReadOnlyList<SeriesInstance>> InstancesAsync(Guid seriesKey, int revision, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<SeriesInstance>(
            new CommandDefinition(InstancesSql, new { seriesKey, revision }, cancellationToken: cancellationToken))];
    }

    /// <summary>Closes a series and makes one job for each route, unless that content has one.</summary>
    /// <returns>The new jobs; null when the series changed meanwhile.</returns>
    public Task<IReadOnlyList<Guid>?> TryCloseAsync(
        ReceivingSeries series, string contentHash, bool isPartial, IReadOnlyList<Route> routes, CancellationToken cancellationToken) =>
        database.InTransactionAsync<IReadOnlyList<Guid>?>(
            async connection =>
            {
                var completeness = isPartial ? "partial" : "complete";
                if (!await EndAsync(connection, series, "closed", completeness, contentHash, null, null, cancellationToken))
                {
                    return null;
                }

                await connection.WriteAsync(
                    new AuditEvent(AuditKind.SeriesClosed, AuditOutcome.Success, AuditEvent.Service)
                    {
                        SeriesKey = series.SeriesKey,
                        Reason = isPartial ? "series.deadline" : null,
                        Details = new Dictionary<string, object?>
                        {
                            ["completeness"] = completeness,
                            ["instances"] = series.InstanceCount,
                            ["revision"] = series.Revision,
                            ["content"] = contentHash,
                        },
                    },
                    cancellationToken);
                var jobs = new List<Guid>();
                foreach (var route in routes)
                {
                    var jobId = Guid.NewGuid();
                    var isNew = await connection.ExecuteAsync(new CommandDefinition(
                        InsertJobSql,
                        new
                        {
                            jobId,
                            series.SeriesKey,
                            series.Revision,
                            contentHash,
                            isPartial,
                            route.Name,
                            route.Mode,
                            route.Model,
                            route.Priority,
                            destinations = route.Destinations.ToArray(),
                        },
                        cancellationToken: cancellationToken)) == 1;
                    if (!isNew)
                    {
                        continue;
                    }

                    jobs.Add(jobId);
                    await connection.WriteAsync(
                        new AuditEvent(AuditKind.JobCreated, AuditOutcome.Success, AuditEvent.Service)
                        {
                            SeriesKey = series.SeriesKey,
                            JobId = jobId,
                            Details = new Dictionary<string, object?> { ["route"] = route.Name, ["mode"] = route.Mode, ["model"] = route.Model },
                        },
                        cancellationToken);
                }

                if (jobs.Count > 0)
                {
                    await connection.ExecuteAsync(new CommandDefinition("select pg_notify('job_ready', '')", cancellationToken: cancellationToken));
                }

                return jobs;
            },
            cancellationToken);

    /// <returns>False when the series changed meanwhile.</returns>
    public Task<bool> TryRefuseAsync(
        ReceivingSeries series, string contentHash, bool isPartial, string code, string detail, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                if (!await EndAsync(connection, series, "refused", isPartial ? "partial" : "complete", contentHash, code, detail, cancellationToken))
                {
                    return false;
                }

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
        string completeness,
        string contentHash,
        string? code,
        string? detail,
        CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            EndSql,
            new { state, completeness, contentHash, code, detail, series.SeriesKey, series.Revision, series.InstanceCount },
            cancellationToken: cancellationToken)) == 1;
}
