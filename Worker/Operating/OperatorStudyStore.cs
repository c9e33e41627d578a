using Dapper;
using HSENet.Worker.Persistence;
using Npgsql;

namespace HSENet.Worker.Operating;

/// <summary>Finds a study by what an operator knows of it, and collects its story.</summary>
internal sealed class OperatorStudyStore(Database database, OperatorJobStore jobs)
{
    /// <summary>Characters of a UID's end or beginning that must be given.</summary>
    private const int LeastOfUid = 6;

    private const int Told = 5;

    // each by its index, the likeliest first
    private static readonly string[] FindSql =
    [
        "select distinct study_uid from series where study_uid = @text",
        "select distinct study_uid from series where accession = @text order by study_uid",
        "select distinct study_uid from series where series_uid = @text",
    ];

    private const string PartSql = """
        select distinct study_uid from series where right(study_uid, length(@text)) = @text or starts_with(study_uid, @text)
         order by study_uid limit 6
        """;

    private const string SeriesSql = """
        select series_key, series_uid, modality, state, revision, instance_count, completeness, refusal_code, refusal_detail, source_ae,
               created_at, last_instance_at, closed_at
          from series where study_uid = @studyUid order by created_at, series_uid
        """;

    private const string AssociationsSql = """
        select a.association_id, a.calling_ae, a.remote_host, a.opened_at, a.closed_at, a.ending,
               sum(c.stored_count)::int as stored_count, sum(c.duplicate_count)::int as duplicate_count, sum(c.conflict_count)::int as conflict_count
          from association a join association_series c using (association_id) join series s using (series_key)
         where s.study_uid = @studyUid group by a.association_id order by a.opened_at, a.association_id
        """;

    private const string RefusalsSql = """
        select association_id, coalesce(reason, event) as code, sum(coalesce((details::jsonb->>'count')::bigint, 1))::bigint as count,
               coalesce(array_agg(details::jsonb->>'quarantine') filter (where details::jsonb->>'quarantine' is not null), '{}') as quarantine
          from audit.event where association_id = any(@ids) and event in ('instance.refused', 'instance.conflict')
         group by association_id, coalesce(reason, event) order by association_id, code
        """;

    // of its instances the associations tell; what happened to one image after the other between two events of the series is one row
    private const string EventsSql = """
        select min(at) as at, event, actor, reason, count(*)::int as count, case when count(*) > 1 then max(at) end as last_at
          from (select event_id, at, event, actor, reason, sop_instance_uid is not null as is_of_image,
                       count(*) filter (where sop_instance_uid is null) over (order by event_id) as stretch
                  from audit.event
                 where series_key = @seriesKey and job_id is null and event not in ('instances.received', 'instance.refused', 'instance.conflict')) e
         group by event, actor, reason, is_of_image, stretch order by min(event_id)
        """;

    internal const string RefusedSql = """
        select actor, details::jsonb->>'host' as host, details::jsonb->>'called' as called, coalesce(reason, event) as code,
               sum(coalesce((details::jsonb->>'count')::bigint, 1))::bigint as count, max(at) as last_at
          from audit.event
         where event in ('association.refused', 'association.contexts', 'association.tls-failed', 'connection.refused') and at > now() - interval '7 days'
         group by 1, 2, 3, 4 order by last_at desc limit 5
        """;

    // an association that brought an image which was taken tells of those that were not with its study
    internal const string RefusedImagesSql = """
        select actor, details::jsonb->>'host' as host, details::jsonb->>'called' as called, coalesce(reason, event) as code,
               count(distinct association_id)::bigint as count, sum(coalesce((details::jsonb->>'count')::bigint, 1))::bigint as images, max(at) as last_at,
               coalesce(array_agg(details::jsonb->>'quarantine') filter (where details::jsonb->>'quarantine' is not null), '{}') as quarantine
          from audit.event e
         where event = 'instance.refused' and at > now() - interval '7 days' and association_id is not null
           and not exists (select from association_series c where c.association_id = e.association_id and c.stored_count + c.duplicate_count > 0)
         group by 1, 2, 3, 4 order by last_at desc limit 5
        """;

    /// <param name="text">Study Instance UID, its beginning or end, Accession Number, or Series Instance UID.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Study Instance UIDs: several with the same Accession Number, none when it is unknown.</returns>
    /// <exception cref="WorkerException"><c>study.ambiguous</c>.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(string text, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        foreach (var sql in FindSql)
        {
            if (await QueryAsync<string>(connection, sql, new { text }, cancellationToken) is { Count: > 0 } found)
            {
                return found;
            }
        }

        if (text.Length < LeastOfUid || !IsOfUid(text))
        {
            return [];
        }

        var parts = await QueryAsync<string>(connection, PartSql, new { text }, cancellationToken);
        var count = parts.Count > Told ? $"more than {Told}" : $"{parts.Count}";
        return parts.Count <= 1
            ? parts
            : throw new WorkerException("study.ambiguous", $"{text} is a part of {count} studies: {string.Join(", ", parts.Take(Told))}");
    }

    /// <summary>Why a study that is here may not have been found by the text; null: it was looked for in every way.</summary>
    public static string? NotLookedFor(string text) => text.Length < LeastOfUid && IsOfUid(text) ? $"a part of a UID must have {LeastOfUid} characters or more" : null;

    /// <summary>
    /// Associations that were refused in the last days, or whose images all were, the newest first: perhaps an unknown study was to come with one of them.
    /// </summary>
    public async Task<IReadOnlyList<RefusedAssociation>> RefusedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var associations = await QueryAsync<RefusedAssociation>(connection, RefusedSql, null, cancellationToken);
        var images = await QueryAsync<RefusedAssociation>(connection, RefusedImagesSql, null, cancellationToken);
        return [.. associations.Concat(images).OrderByDescending(r => r.LastAt).Take(Told)];
    }

    public async Task<StudyStory> ShowAsync(string studyUid, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var accession = await connection.QueryFirstOrDefaultAsync<string>(new CommandDefinition(
            "select accession from series where study_uid = @studyUid and accession is not null order by created_at limit 1",
            new { studyUid },
            cancellationToken: cancellationToken));
        var associations = await QueryAsync<StudyAssociation>(connection, AssociationsSql, new { studyUid }, cancellationToken);
        var refusals = (await QueryAsync<StudyRefusal>(
            connection, RefusalsSql, new { ids = associations.Select(a => a.AssociationId).ToArray() }, cancellationToken)).ToLookup(r => r.AssociationId);
        var series = new List<StudySeries>();
        foreach (var row in await QueryAsync<StudySeries>(connection, SeriesSql, new { studyUid }, cancellationToken))
        {
            series.Add(await SeriesAsync(connection, row, cancellationToken));
        }

        List<StudyAssociation> told = [.. associations.Select(a => a with { Refusals = [.. refusals[a.AssociationId]] })];
        return new(studyUid, accession, StudyOutcome.Of(series), told, series);
    }

    private static bool IsOfUid(string text) => text.All(c => char.IsAsciiDigit(c) || c == '.');

    private async Task<StudySeries> SeriesAsync(NpgsqlConnection connection, StudySeries series, CancellationToken cancellationToken)
    {
        var key = new { series.SeriesKey };
        var choices = await QueryAsync<StudyChoiceState>(
            connection, "select route, state from candidate where series_key = @SeriesKey order by created_at", key, cancellationToken);
        var events = await QueryAsync<JobEvent>(connection, EventsSql, key, cancellationToken);
        var made = new List<StudyJob>();
        foreach (var (jobId, reportUid) in await QueryAsync<(Guid JobId, string? ReportUid)>(
            connection,
            "select j.job_id, d.sop_instance_uid from job j left join draft d using (job_id) where j.series_key = @SeriesKey order by j.created_at",
            key,
            cancellationToken))
        {
            var story = await jobs.ShowAsync(jobId, cancellationToken);
            made.Add(new(story.Job, reportUid, story.Deliveries, story.Events));
        }

        return series with { Choices = choices, Events = events, Jobs = made };
    }

    private static async Task<List<T>> QueryAsync<T>(NpgsqlConnection connection, string sql, object? values, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<T>(new CommandDefinition(sql, values, cancellationToken: cancellationToken))).AsList();
}
