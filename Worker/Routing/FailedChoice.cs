using Dapper;
using HSENet.Worker.Series;
using Npgsql;

namespace HSENet.Worker.Routing;

/// <summary>What becomes of a study's choice when the job of the chosen series fails for good, and when an operator tries that job again.</summary>
internal static class FailedChoice
{
    private const string FailSql = "update candidate set state = 'failed' where job_id = @jobId and state = 'chosen'";

    // its report stands, or is still to come (a dead job is the operator's): as before the failed one was chosen, only a better series replaces it
    private const string RestoreSql = """
        update candidate set state = 'chosen'
         where candidate_id = (
            select c.candidate_id from candidate c join job j using (job_id)
             where c.study_uid = @StudyUid and c.route = @Route and c.state = 'replaced' and j.state not in ('failed', 'cancelled')
             order by c.decided_at desc, c.series_revision desc limit 1)
        """;

    private const string OthersSql = """
        select c.candidate_id, c.series_key, c.series_revision, c.content_hash from candidate c join series s using (series_key)
         where c.study_uid = @StudyUid and c.route = @Route and s.state = 'closed' and s.revision = c.series_revision
           and (c.state = 'passed'
                or (c.state = 'replaced' and exists (select from job j where j.job_id = c.job_id and j.state = 'cancelled' and j.error_code = @Superseded)))
        """;

    private const string AgainSql = """
        update candidate c set state = 'replaced' from candidate again
         where again.job_id = @jobId and again.state = 'failed' and c.study_uid = again.study_uid and c.route = again.route and c.state = 'chosen';
        update candidate set state = 'chosen', decided_at = now()
         where candidate_id = (select candidate_id from candidate where job_id = @jobId and state = 'failed' order by series_revision desc limit 1);
        """;

    /// <summary>
    /// On the transaction that fails a job because its content is not to be reported on: the series that was chosen before is the chosen one again, and the others of
    /// the study have their chance against it, as far as their files are still here.
    /// </summary>
    public static async Task PassOnAsync(NpgsqlConnection connection, Guid jobId, CancellationToken cancellationToken)
    {
        if (await LockAsync(connection, jobId, cancellationToken) is not { } study
            || await connection.ExecuteAsync(new CommandDefinition(FailSql, new { jobId }, cancellationToken: cancellationToken)) == 0)
        {
            return;
        }

        await connection.ExecuteAsync(new CommandDefinition(RestoreSql, new { study.StudyUid, study.Route }, cancellationToken: cancellationToken));
        var others = (await connection.QueryAsync<(Guid CandidateId, Guid SeriesKey, int Revision, string ContentHash)>(new CommandDefinition(
            OthersSql, new { study.StudyUid, study.Route, CandidateStore.Superseded }, cancellationToken: cancellationToken))).AsList();
        foreach (var other in others)
        {
            // retention cannot take it from here on: until this commits a job of the study runs, then a candidate of it waits
            var instances = await SeriesStore.InstancesAsync(connection, other.SeriesKey, other.Revision, cancellationToken);
            if (SeriesInstance.ContentHash(instances) == other.ContentHash)
            {
                await connection.ExecuteAsync(new CommandDefinition(
                    "update candidate set state = 'waiting', decided_at = null where candidate_id = @CandidateId",
                    new { other.CandidateId },
                    cancellationToken: cancellationToken));
            }
        }
    }

    /// <summary>On the transaction that makes a failed job ready again: its series is the chosen one again, in place of the one that its report will name.</summary>
    public static Task TryAgainAsync(NpgsqlConnection connection, Guid jobId, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(AgainSql, new { jobId }, cancellationToken: cancellationToken));

    /// <summary>Keeps every other decision about the job's study and route waiting until the transaction ends. Before the job's row is changed, as who decides does.</summary>
    /// <returns>Null for a job that no study was decided for.</returns>
    public static async Task<(string StudyUid, string Route)?> LockAsync(NpgsqlConnection connection, Guid jobId, CancellationToken cancellationToken)
    {
        var (studyUid, route) = await connection.QueryFirstOrDefaultAsync<(string?, string?)>(
            new CommandDefinition("select study_uid, route from candidate where job_id = @jobId", new { jobId }, cancellationToken: cancellationToken));
        if (studyUid is null || route is null)
        {
            return null;
        }

        await CandidateStore.LockAsync(connection, studyUid, route, cancellationToken);
        return (studyUid, route);
    }
}
