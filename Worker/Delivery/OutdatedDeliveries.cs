using Dapper;
using HSENet.Worker.Audit;
using Npgsql;

namespace HSENet.Worker.Delivery;

/// <summary>
/// Reports that wait for their destination and are of what their images said before they were corrected: of another patient, order or
/// study. They are not sent any more. More slices of the same images are no such change: their report follows the one before.
/// </summary>
internal static class OutdatedDeliveries
{
    /// <summary>Stable code.</summary>
    public const string Code = "delivery.superseded";

    /// <summary>Of a job j and its series s. While the series is received again it is not known what it will be, and nothing is sent.</summary>
    public const string IsOutdated = """
        (exists (select from series n where n.corrected_from = s.series_key and n.has_moved)
         or (s.state <> 'receiving' and j.series_revision < s.header_revision and j.content_hash <> s.content_hash))
        """;

    /// <summary>
    /// Of a draft's job_id: it was to be sent, and is not any more. That it has arrived is possible where an answer to it did not come.
    /// </summary>
    public static string IsWithdrawn(string jobId) =>
        $"coalesce((select bool_and(w.state = 'superseded') from delivery w where w.job_id = {jobId}), false)";

    /// <summary>
    /// Of a draft's job_id: it was to be sent, and is not any more, and of these destinations none has got it. Where its bytes may
    /// have left, its class is settled (sr_class).
    /// </summary>
    /// <param name="jobId">Of the draft.</param>
    /// <param name="destinations">A condition on w.destination.</param>
    public static string IsUnsent(string jobId, string destinations = "true") => $"""
        (exists (select from delivery w where w.job_id = {jobId})
         and not exists (select from delivery w
                          where w.job_id = {jobId} and {destinations} and not (w.state = 'superseded' and w.sr_class is null)))
        """;

    // one that failed is not sent either, whatever an operator asks for, and a destination that had refused it is asked with the next
    private const string WithdrawSql = $"""
        with gone as (
            update delivery d set state = 'superseded', lease_until = null, lease_owner = null, error_code = @Code,
                   error_detail = 'its images were corrected, or moved to another study, before it was sent'
              from job j join series s using (series_key)
             where j.job_id = d.job_id and j.series_key = @seriesKey and {IsOutdated} and d.state in ('pending', 'failed')
            returning d.job_id, d.destination),
        copies as (
            update draft set spool_copy = 'due' where job_id in (select job_id from gone) and spool_copy = 'kept'),
        stops as (
            delete from destination_stop where (destination, job_id) in (select destination, job_id from gone))
        select job_id, destination from gone order by destination
        """;

    private const string RestoreSql = """
        with back as (
            update delivery set state = 'pending', not_before = now(), created_at = now(), error_code = null, error_detail = null
             where job_id = @jobId and state = 'superseded' returning job_id)
        update draft set spool_copy = 'due' where job_id in (select job_id from back)
        """;

    /// <summary>On the transaction that closes or refuses the series, or notes that it was moved.</summary>
    public static async Task WithdrawAsync(NpgsqlConnection connection, Guid seriesKey, CancellationToken cancellationToken)
    {
        var gone = (await connection.QueryAsync<(Guid JobId, string Destination)>(
            new CommandDefinition(WithdrawSql, new { seriesKey, Code }, cancellationToken: cancellationToken))).AsList();
        foreach (var (jobId, destination) in gone)
        {
            await connection.WriteAsync(
                new AuditEvent(AuditKind.DeliveryCancelled, AuditOutcome.Success, AuditEvent.Service)
                {
                    SeriesKey = seriesKey,
                    JobId = jobId,
                    Destination = destination,
                    Reason = Code,
                },
                cancellationToken);
        }
    }

    /// <summary>The images are again what the report is of, and no other was sent meanwhile.</summary>
    public static Task RestoreAsync(NpgsqlConnection connection, Guid jobId, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(RestoreSql, new { jobId }, cancellationToken: cancellationToken));
}
