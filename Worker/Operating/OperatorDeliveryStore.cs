using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Delivery;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Operating;

/// <summary>What an operator may do with deliveries that were given up: send the same report again.</summary>
internal sealed class OperatorDeliveryStore(Database database, string actor)
{
    /// <summary>
    /// As if it had been made now: due, with a week of its own and the shortest pauses. What was sent before keeps one attempt, so that the answer 0111 to the next one
    /// still tells that the report is there.
    /// </summary>
    private const string RestartSql = """
        with given_up as (
            select d.delivery_id, d.error_code, d.attempt, j.series_key, r.sop_instance_uid
              from delivery d join job j using (job_id) join sent_document r on r.delivery_id = d.delivery_id
             where d.job_id = @jobId and d.state = 'failed' and j.state = 'drafted' for update of d)
        update delivery d set state = 'pending', attempt = least(d.attempt, 1), created_at = now(), not_before = now(), lease_owner = null, lease_until = null,
               error_code = null, error_detail = null
          from given_up g where d.delivery_id = g.delivery_id
        returning d.destination, g.series_key, g.sop_instance_uid, g.error_code, g.attempt
        """;

    /// <summary>Jobs with a report that some destination did not get and is not sent any more, oldest first.</summary>
    public async Task<IReadOnlyList<Guid>> FailedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            """
            select j.job_id from job j where j.state = 'drafted' and exists (select from delivery d where d.job_id = j.job_id and d.state = 'failed')
             order by j.created_at, j.job_id
            """,
            cancellationToken: cancellationToken))];
    }

    /// <summary>Starts the failed deliveries of a job's report again, each with its audit row; the others stay as they are.</summary>
    /// <returns>Their destinations; empty when the job has no report, or none of its deliveries failed.</returns>
    public Task<IReadOnlyList<string>> RestartAsync(Guid jobId, string reason, CancellationToken cancellationToken) =>
        database.InTransactionAsync<IReadOnlyList<string>>(
            async connection =>
            {
                var rows = (await connection.QueryAsync<(string Destination, Guid SeriesKey, string SopInstanceUid, string? ErrorCode, int Attempt)>(
                    new CommandDefinition(RestartSql, new { jobId }, cancellationToken: cancellationToken))).OrderBy(r => r.Destination, StringComparer.Ordinal).ToList();
                foreach (var row in rows)
                {
                    await connection.WriteAsync(
                        new AuditEvent(AuditKind.DeliveryRestarted, AuditOutcome.Success, actor)
                        {
                            JobId = jobId,
                            SeriesKey = row.SeriesKey,
                            Destination = row.Destination,
                            SopInstanceUid = row.SopInstanceUid,
                            Reason = reason,
                            Details = new Dictionary<string, object?> { ["after"] = row.ErrorCode, ["attempt"] = row.Attempt },
                        },
                        cancellationToken);
                    await DestinationStop.ResumeAsync(connection, row.Destination, cancellationToken);
                }

                if (rows.Count > 0)
                {
                    await connection.ExecuteAsync(new CommandDefinition("select pg_notify('delivery_ready', '')", cancellationToken: cancellationToken));
                }

                return [.. rows.Select(r => r.Destination)];
            },
            cancellationToken);
}
