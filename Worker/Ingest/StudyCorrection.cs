using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Delivery;
using HSENet.Worker.Routing;
using Npgsql;

namespace HSENet.Worker.Ingest;

/// <summary>
/// A series that comes again under another Study Instance UID was moved to another study, by an archive's correction. It is another series to us; that it follows one,
/// and which, is noted and audited with its first image. Until it closes nothing is sent of the former one; when it closes usable, with most of the former one's images,
/// what waits to be written or sent of that one is not.
/// </summary>
internal static class StudyCorrection
{
    // other pixels under the same UIDs, or such as cannot be compared, are somebody else's images
    private const string FromSql = """
        select i.series_key from instance i join series s using (series_key) join series n on n.series_key = @SeriesKey
         where i.sop_instance_uid = @SopInstanceUid and i.series_key <> n.series_key and s.series_uid = n.series_uid
           and s.study_uid <> n.study_uid and n.corrected_from is null
           and substring(i.meaning for 32) = substring(@meaning::bytea for 32)
         order by i.received_at desc limit 1
        """;

    private const string NotedSql = "update series set corrected_from = @from, corrected_revision = revision where series_key = @SeriesKey";

    private const string MovedSql = """
        update series n set has_moved = true
         where n.series_key = @seriesKey
           and 2 * (select count(*) from instance i join instance o using (sop_instance_uid)
                     where i.series_key = n.series_key and o.series_key = @former
                       and substring(i.meaning for 32) = substring(o.meaning for 32))
               > (select count(*) from instance where series_key = @former)
        """;

    /// <summary>After the first instance of a new series, on the caller's transaction.</summary>
    public static async Task LookAsync(NpgsqlConnection connection, StoredInstance instance, CancellationToken cancellationToken)
    {
        var from = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            FromSql,
            new { instance.SeriesKey, instance.Header.SopInstanceUid, meaning = instance.Meaning?.ToBytes() },
            cancellationToken: cancellationToken));
        if (from is null)
        {
            return;
        }

        await connection.ExecuteAsync(
            new CommandDefinition(NotedSql, new { from, instance.SeriesKey }, cancellationToken: cancellationToken));
        await connection.WriteAsync(
            new AuditEvent(AuditKind.IdentityCorrected, AuditOutcome.Success, AuditEvent.Ae(instance.SourceAe))
            {
                AssociationId = instance.AssociationId,
                SeriesKey = instance.SeriesKey,
                Reason = "identity.study",
                Details = new Dictionary<string, object?> { ["from_series"] = from },
            },
            cancellationToken);
    }

    /// <summary>On the transaction that closes a series, before its row is locked.</summary>
    /// <returns>The series in the study that its images may have left; null: there is none, or they have left it before.</returns>
    public static async Task<Guid?> LockAsync(NpgsqlConnection connection, Guid seriesKey, CancellationToken cancellationToken)
    {
        var from = await connection.QuerySingleAsync<Guid?>(new CommandDefinition(
            "select case when not has_moved then corrected_from end from series where series_key = @seriesKey",
            new { seriesKey },
            cancellationToken: cancellationToken));
        if (from is { } former)
        {
            await EarlierJobs.LockAsync(connection, former, cancellationToken);
        }

        return from;
    }

    /// <summary>On the transaction that closes a usable series: where it has most images of the former one, those have left that one's study.</summary>
    public static async Task MoveAsync(NpgsqlConnection connection, Guid seriesKey, Guid former, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "select from series where series_key = @former for no key update", new { former }, cancellationToken: cancellationToken));
        if (await connection.ExecuteAsync(
            new CommandDefinition(MovedSql, new { seriesKey, former }, cancellationToken: cancellationToken)) == 1)
        {
            await OutdatedDeliveries.WithdrawAsync(connection, former, cancellationToken);
            await EarlierJobs.LeaveAsync(connection, former, cancellationToken);
        }
    }
}
