using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Delivery;
using Npgsql;

namespace HSENet.Worker.Routing;

/// <summary>A job to be made of a closed series, with what its route said at that moment.</summary>
internal sealed record NewJob
{
    // The newest report that went out, or may still: where it is of this content, that stands and gets no second one, however often headers
    // have changed meanwhile.
    private static readonly string StandingSql = $"""
        with newest as (
            select j.job_id, j.content_hash, j.header_returns from job j join draft d using (job_id)
             where j.series_key = @SeriesKey and j.route = @Route
               and (j.content_hash = @ContentHash or not {OutdatedDeliveries.IsUnsent("j.job_id")})
             order by d.created_at desc limit 1)
        select n.job_id, coalesce(n.header_returns, s.header_returns)
          from series s left join newest n on n.content_hash = @ContentHash where s.series_key = @SeriesKey
        """;

    private const string InsertSql = """
        insert into job(job_id, series_key, series_revision, content_hash, is_partial, partial_reason, route, mode, model, priority, destinations, state,
                        trace_context, header_returns, predecessor_job_id)
        values (@jobId, @SeriesKey, @SeriesRevision, @ContentHash, @IsPartial, @PartialReason, @Route, @Mode, @Model, @Priority, @Destinations, 'ready',
                @TraceContext, @headerReturns, coalesce(@PredecessorJobId, (select p.job_id from job p
                          where p.series_key = @SeriesKey and p.route = @Route and p.series_revision < @SeriesRevision
                          order by p.series_revision desc, p.created_at desc limit 1),
                         (select p.job_id from series s join job p on p.series_key = s.corrected_from
                          where s.series_key = @SeriesKey and p.route = @Route
                          order by p.series_revision desc, p.created_at desc limit 1)))
        on conflict do nothing
        """;

    // this content's job was ended because the series had changed, and the series is again what it was
    private const string ReviveSql = """
        update job set state = 'ready', series_revision = @SeriesRevision, is_partial = @IsPartial, partial_reason = @PartialReason, mode = @Mode, priority = @Priority,
               destinations = @Destinations, trace_context = @TraceContext, attempt = 0, not_before = now(), queued_at = null, ended_at = null,
               error_code = null, error_detail = null,
               predecessor_job_id = coalesce((select p.job_id from job p
                          where p.series_key = @SeriesKey and p.route = @Route and p.series_revision < @SeriesRevision and p.job_id <> job.job_id
                          order by p.series_revision desc, p.created_at desc limit 1), predecessor_job_id)
         where series_key = @SeriesKey and content_hash = @ContentHash and route = @Route and model = @Model and header_returns = @headerReturns
           and state = 'cancelled' and error_code = @Changed
        returning job_id
        """;

    public required Guid SeriesKey { get; init; }

    public required int SeriesRevision { get; init; }

    public required string ContentHash { get; init; }

    public required bool IsPartial { get; init; }

    /// <summary>Of a partial one: stable code of why.</summary>
    public string? PartialReason { get; init; }

    public required string Route { get; init; }

    public required string Mode { get; init; }

    public required string Model { get; init; }

    public required short Priority { get; init; }

    public required string[] Destinations { get; init; }

    public string? TraceContext { get; init; }

    /// <summary>The job whose report this one's follows; null: an earlier one of the same series and route, if there is one.</summary>
    public Guid? PredecessorJobId { get; init; }

    /// <summary>Inserts it, with its audit row, on the caller's transaction.</summary>
    /// <returns>The new job, or one of this content that had been ended because the series changed; null when this content has another job of this route and model.</returns>
    public async Task<Guid?> InsertAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var deploymentId = await connection.QuerySingleAsync<Guid>(
            new CommandDefinition("select deployment_id from installation", cancellationToken: cancellationToken));
        var (standing, headerReturns) = await connection.QuerySingleAsync<(Guid?, int)>(
            new CommandDefinition(StandingSql, new { SeriesKey, Route, ContentHash }, cancellationToken: cancellationToken));
        var jobId = JobIdentity.Of(deploymentId, SeriesKey, ContentHash, Route, Model, headerReturns);
        var rows = await connection.ExecuteAsync(new CommandDefinition(
            InsertSql,
            new
            {
                jobId,
                SeriesKey,
                SeriesRevision,
                ContentHash,
                IsPartial,
                PartialReason,
                Route,
                Mode,
                Model,
                Priority,
                Destinations,
                TraceContext,
                headerReturns,
                PredecessorJobId,
            },
            cancellationToken: cancellationToken));
        if (rows == 0)
        {
            if (await ReviveAsync(connection, headerReturns, cancellationToken) is { } revived)
            {
                return revived;
            }

            if (standing is { } report)
            {
                await OutdatedDeliveries.RestoreAsync(connection, report, cancellationToken);
            }

            // its images came again after they were deleted, and with them the copy of its report
            await connection.ExecuteAsync(new CommandDefinition(
                """
                update draft set spool_copy = 'due'
                 where spool_copy = 'deleted' and job_id in (select job_id from job where series_key = @SeriesKey and content_hash = @ContentHash and route = @Route)
                """,
                new { SeriesKey, ContentHash, Route },
                cancellationToken: cancellationToken));
            return null;
        }

        await WriteAsync(connection, jobId, AuditKind.JobCreated, null, cancellationToken);
        return jobId;
    }

    private async Task<Guid?> ReviveAsync(NpgsqlConnection connection, int headerReturns, CancellationToken cancellationToken)
    {
        var revived = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            ReviveSql,
            new
            {
                SeriesKey, SeriesRevision, ContentHash, IsPartial, PartialReason, Route, Mode, Model, Priority, Destinations, TraceContext,
                headerReturns, EarlierJobs.Changed,
            },
            cancellationToken: cancellationToken));
        if (revived is { } jobId)
        {
            await WriteAsync(connection, jobId, AuditKind.JobRetried, EarlierJobs.ChangedBack, cancellationToken);
        }

        return revived;
    }

    private async Task WriteAsync(NpgsqlConnection connection, Guid jobId, AuditKind kind, string? reason, CancellationToken cancellationToken)
    {
        await connection.WriteAsync(
            new AuditEvent(kind, AuditOutcome.Success, AuditEvent.Service)
            {
                SeriesKey = SeriesKey,
                JobId = jobId,
                Reason = reason,
                Details = new Dictionary<string, object?> { ["route"] = Route, ["mode"] = Mode, ["model"] = Model, ["priority"] = Priority },
            },
            cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("select pg_notify('job_ready', '')", cancellationToken: cancellationToken));
    }
}
