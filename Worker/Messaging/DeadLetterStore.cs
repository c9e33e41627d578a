using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Messaging;

/// <summary>What a dead letter means for its job.</summary>
internal sealed class DeadLetterStore(Database database)
{
    public const string Code = "queue.dead-letter";

    private const string RecordSql = """
        insert into dead_letter(message_key, job_id, queue, reason) values (@Key, @JobId, @Queue, @Reason) on conflict do nothing
        """;

    private const string DeadSql = """
        update job set state = 'dead', ended_at = now(), error_code = @Code, error_detail = @detail
         where job_id = @JobId and state in ('ready', 'queued')
           and (@DiedAt::timestamptz is null or queued_at <= @DiedAt::timestamptz + interval '1 second')   -- the broker tells whole seconds
        returning series_key
        """;

    /// <summary>
    /// The first time that a letter is seen its job is dead, unless it is running or has ended (another message got through, or somebody decided), or
    /// was queued or brought back after that message died.
    /// </summary>
    /// <returns>False when the letter was known.</returns>
    public Task<bool> RecordAsync(DeadLetter letter, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                if (await connection.ExecuteAsync(new CommandDefinition(RecordSql, letter, cancellationToken: cancellationToken)) == 0)
                {
                    return false;
                }

                var detail = $"its message ended in {letter.Queue}: {letter.Reason}";
                var seriesKey = await connection.QuerySingleOrDefaultAsync<Guid?>(
                    new CommandDefinition(DeadSql, new { letter.JobId, Code, detail, DiedAt = letter.DiedAt?.UtcDateTime }, cancellationToken: cancellationToken));
                if (seriesKey is not null)
                {
                    await connection.WriteAsync(
                        new AuditEvent(AuditKind.JobDead, AuditOutcome.MajorFailure, AuditEvent.Service)
                        {
                            JobId = letter.JobId,
                            SeriesKey = seriesKey,
                            Reason = Code,
                            Details = new Dictionary<string, object?> { ["queue"] = letter.Queue, ["reason"] = letter.Reason, ["message"] = letter.Key },
                        },
                        cancellationToken);
                }

                return true;
            },
            cancellationToken);
}
