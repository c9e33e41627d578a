using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Persistence;
using HSENet.Worker.Reporting;
using HSENet.Worker.Series;
using Npgsql;

namespace HSENet.Worker.Routing;

/// <summary>
/// Chooses of each study and route the series that the one report is made of, once the study is at rest: none of its series is receiving. A study that never comes to
/// rest is decided a series' deadline after its first candidate closed. A better series that closes later gets a job of its own, whose report names the one before;
/// a job that has not begun by then is cancelled.
/// </summary>
internal sealed class CandidateStore(Database database, WorkerSettings settings, KeptReports reports)
{
    /// <summary>Stable code of a job that a better series came before.</summary>
    public const string Superseded = "route.superseded";

    /// <summary>Stable code of a series that another one of its study was better than.</summary>
    public const string PassedOver = "route.better-series";

    /// <summary>Stable code of a series that was refused, or closed as something else, while it waited for its study.</summary>
    public const string SeriesChanged = "route.series-changed";

    /// <summary>Stable code of a job that made way and goes on after all: the better series was not to be reported on.</summary>
    public const string PassedOn = "route.passed-on";

    private const string InsertSql = """
        insert into candidate(study_uid, route, series_key, series_revision, content_hash, is_partial, partial_reason, is_sharp, spacing_mm, slice_count, mode, model,
                              priority, destinations, trace_context)
        select study_uid, @Name, series_key, @Revision, @contentHash, @IsPartial, @partialReason, @IsSharp, @SpacingMm, @SliceCount, @Mode, @Model, @Priority,
               @destinations, @traceContext
          from series where series_key = @SeriesKey
        on conflict (series_key, series_revision, route) do nothing
        """;

    // one whose series is receiving again is not what will be decided about: what closes next is; and while images of the study come again
    // under another Study UID nobody knows which will stay
    private const string DueSql = """
        select c.study_uid, c.route from candidate c join series own using (series_key)
         where c.state = 'waiting' and own.state <> 'receiving'
         group by c.study_uid, c.route
        having (min(c.created_at) < now() - @Deadline
                or not exists (select from series s where s.study_uid = c.study_uid and s.state = 'receiving'))
           and not exists (select from series m join series o on o.series_key = m.corrected_from
                            where o.study_uid = c.study_uid and m.state = 'receiving')
         order by min(c.created_at) limit 200
        """;

    private const string ColumnsSql = $"""
        select c.candidate_id, c.series_key, c.series_revision, c.content_hash, c.is_partial, c.partial_reason, c.is_sharp, c.spacing_mm, c.slice_count, c.mode, c.model,
               c.priority, c.destinations, c.trace_context, c.created_at, c.job_id,
               s.state = 'closed' and s.revision = c.series_revision and not {EarlierJobs.IsMoved} as is_current
          from candidate c join series s using (series_key)
         where c.study_uid = @studyUid and c.route = @route
        """;

    private const string CancelSql = """
        update job set state = 'cancelled', ended_at = now(), error_code = @Superseded, error_detail = 'a better series of the study closed, or more of the same'
         where job_id = @JobId and state in ('ready', 'queued')
        """;

    // its content has a job already, which made way before it began: that one goes on
    private const string ReviveSql = """
        update job set state = 'ready', attempt = 0, not_before = now(), ended_at = null, error_code = null, error_detail = null
         where state = 'cancelled' and error_code = @Superseded
           and job_id = (select j.job_id from job j
                          where j.series_key = @SeriesKey and j.content_hash = @ContentHash and j.route = @route and j.model = @Model
                          order by j.header_returns desc limit 1)
        returning job_id
        """;

    /// <summary>On the transaction that closes the series.</summary>
    public static Task AddAsync(
        NpgsqlConnection connection, ReceivingSeries series, string contentHash, SeriesRank rank, string? partialReason, Route route, string? traceContext,
        CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            InsertSql,
            new
            {
                series.SeriesKey,
                series.Revision,
                contentHash,
                rank.IsPartial,
                partialReason,
                rank.IsSharp,
                rank.SpacingMm,
                rank.SliceCount,
                route.Name,
                route.Mode,
                route.Model,
                route.Priority,
                destinations = route.Destinations.ToArray(),
                traceContext,
            },
            cancellationToken: cancellationToken));

    /// <summary>Until the transaction ends.</summary>
    public static Task<int> LockAsync(NpgsqlConnection connection, string studyUid, string route, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtextextended(@studyUid || ' ' || @route, 9))", new { studyUid, route }, cancellationToken: cancellationToken));

    /// <summary>Decides for every study that is at rest.</summary>
    /// <returns>The new jobs with the series that they are made of.</returns>
    public async Task<IReadOnlyList<(Guid JobId, Guid SeriesKey)>> DecideAsync(CancellationToken cancellationToken)
    {
        List<(string StudyUid, string Route)> due;
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            due = (await connection.QueryAsync<(string, string)>(
                new CommandDefinition(DueSql, new { settings.Series.Deadline }, cancellationToken: cancellationToken))).AsList();
        }

        var made = new List<(Guid, Guid)>();
        foreach (var (studyUid, route) in due)
        {
            if (await DecideAsync(studyUid, route, cancellationToken) is { } job)
            {
                made.Add(job);
            }
        }

        return made;
    }

    /// <summary>One study and route at a time, whichever gateway asks: the lock orders them, the unique index on the chosen one holds whatever happens.</summary>
    private Task<(Guid JobId, Guid SeriesKey)?> DecideAsync(string studyUid, string route, CancellationToken cancellationToken) =>
        database.InTransactionAsync<(Guid, Guid)?>(
            async connection =>
            {
                await LockAsync(connection, studyUid, route, cancellationToken);

                // locked: a late slice waits until the job is made, and ends it then
                var waiting = await ReadAsync(connection, " and c.state = 'waiting' and s.state <> 'receiving' for share of s", studyUid, route, cancellationToken);
                if (waiting.Count == 0)
                {
                    return null;
                }

                waiting = [.. waiting.Select(c => WithKept(c, route))];
                var current = (await ReadAsync(connection, " and c.state = 'chosen'", studyUid, route, cancellationToken)).SingleOrDefault();
                var chosen = StudyChoice.Decide(current, waiting.Where(c => c.IsCurrent));
                var jobId = chosen is null ? null : await ChooseAsync(connection, route, current, chosen, cancellationToken);
                await PassAsync(connection, waiting.Where(c => c.CandidateId != chosen?.CandidateId), route, cancellationToken);
                return jobId is null ? null : (jobId.Value, chosen!.SeriesKey);
            },
            cancellationToken);

    private static async Task<Guid?> ChooseAsync(
        NpgsqlConnection connection, string route, Candidate? current, Candidate chosen, CancellationToken cancellationToken)
    {
        var predecessor = current?.JobId ?? await FailedJobAsync(connection, chosen, route, cancellationToken);
        if (current is not null)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "update candidate set state = 'replaced' where candidate_id = @CandidateId", current, cancellationToken: cancellationToken));
            await CancelAsync(connection, current, cancellationToken);
        }

        var job = new NewJob
        {
            SeriesKey = chosen.SeriesKey,
            SeriesRevision = chosen.SeriesRevision,
            ContentHash = chosen.ContentHash,
            IsPartial = chosen.IsPartial,
            PartialReason = chosen.PartialReason,
            Route = route,
            Mode = chosen.Mode,
            Model = chosen.Model,
            Priority = chosen.Priority,
            Destinations = chosen.Destinations,
            TraceContext = chosen.TraceContext,
            PredecessorJobId = predecessor,
        };
        var jobId = await job.InsertAsync(connection, cancellationToken) ?? await ReviveAsync(connection, route, chosen, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            update candidate set state = 'chosen', decided_at = now(), is_partial = @IsPartial, partial_reason = @PartialReason,
                   job_id = coalesce(@jobId, (select job_id from job
                                               where series_key = @SeriesKey and content_hash = @ContentHash and route = @route and model = @Model
                                               order by state = 'drafted' desc, header_returns desc limit 1))
             where candidate_id = @CandidateId
            """,
            new
            {
                jobId,
                route,
                chosen.CandidateId,
                chosen.SeriesKey,
                chosen.ContentHash,
                chosen.Model,
                chosen.IsPartial,
                chosen.PartialReason,
            },
            cancellationToken: cancellationToken));
        return jobId;
    }

    private static async Task<Guid?> ReviveAsync(NpgsqlConnection connection, string route, Candidate chosen, CancellationToken cancellationToken)
    {
        var revived = await connection.QueryFirstOrDefaultAsync<Guid?>(new CommandDefinition(
            ReviveSql, new { route, chosen.SeriesKey, chosen.ContentHash, chosen.Model, Superseded }, cancellationToken: cancellationToken));
        if (revived is not null)
        {
            await connection.WriteAsync(
                new AuditEvent(AuditKind.JobRetried, AuditOutcome.Success, AuditEvent.Service)
                {
                    SeriesKey = chosen.SeriesKey, JobId = revived, Reason = PassedOn,
                },
                cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition("select pg_notify('job_ready', '')", cancellationToken: cancellationToken));
        }

        return revived;
    }

    /// <summary>The study's last job of this route, when its series turned out not to be reportable: a report before that one stays the predecessor.</summary>
    private static Task<Guid?> FailedJobAsync(NpgsqlConnection connection, Candidate chosen, string route, CancellationToken cancellationToken) =>
        connection.QueryFirstOrDefaultAsync<Guid?>(new CommandDefinition(
            """
            select c.job_id from candidate c join candidate me on me.candidate_id = @CandidateId and me.study_uid = c.study_uid
             where c.route = @route and c.state = 'failed' and c.job_id is not null order by c.decided_at desc limit 1
            """,
            new { chosen.CandidateId, route },
            cancellationToken: cancellationToken));

    private static async Task CancelAsync(NpgsqlConnection connection, Candidate current, CancellationToken cancellationToken)
    {
        if (await connection.ExecuteAsync(new CommandDefinition(CancelSql, new { current.JobId, Superseded }, cancellationToken: cancellationToken)) == 1)
        {
            await connection.WriteAsync(
                new AuditEvent(AuditKind.JobCancelled, AuditOutcome.Success, AuditEvent.Service)
                {
                    SeriesKey = current.SeriesKey,
                    JobId = current.JobId,
                    Reason = Superseded,
                },
                cancellationToken);
        }
    }

    private static async Task PassAsync(NpgsqlConnection connection, IEnumerable<Candidate> passed, string route, CancellationToken cancellationToken)
    {
        foreach (var candidate in passed)
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                update candidate set state = 'passed', decided_at = now(), is_partial = @IsPartial, partial_reason = @PartialReason
                 where candidate_id = @CandidateId
                """,
                candidate,
                cancellationToken: cancellationToken));
            await connection.WriteAsync(
                new AuditEvent(AuditKind.SeriesPassedOver, AuditOutcome.Success, AuditEvent.Service)
                {
                    SeriesKey = candidate.SeriesKey,
                    Reason = candidate.IsCurrent ? PassedOver : SeriesChanged,
                    Details = new Dictionary<string, object?>
                    {
                        ["route"] = route,
                        ["revision"] = candidate.SeriesRevision,
                        ["partial"] = candidate.IsPartial,
                        ["sharp"] = candidate.IsSharp,
                        ["spacing_mm"] = candidate.SpacingMm,
                        ["slices"] = candidate.SliceCount,
                        ["length_mm"] = Math.Round(candidate.Rank.LengthMm, 1),
                    },
                },
                cancellationToken);
        }
    }

    /// <summary>
    /// What the spool knows of a candidate's report: how its series had come is lost with a database, and a series that was known to be whole
    /// still is. The decision keeps it with the candidate, for those that come later are measured by it.
    /// </summary>
    private Candidate WithKept(Candidate candidate, string route)
    {
        var kept = reports.Find(candidate.SeriesKey, candidate.ContentHash, route);
        return kept is null ? candidate
            : candidate.IsPartial && kept.IsSeriesPartial == false
                ? candidate with { HasKeptReport = true, IsPartial = false, PartialReason = null }
            : candidate with { HasKeptReport = true };
    }

    private static async Task<List<Candidate>> ReadAsync(
        NpgsqlConnection connection, string condition, string studyUid, string route, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<Candidate>(
            new CommandDefinition(ColumnsSql + condition, new { studyUid, route }, cancellationToken: cancellationToken))).AsList();
}
