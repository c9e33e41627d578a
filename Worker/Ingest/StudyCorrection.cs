using Dapper;
using HSENet.Worker.Audit;
using HSENet.Worker.Delivery;
using HSENet.Worker.Routing;
using Npgsql;

namespace HSENet.Worker.Ingest;

/// <summary>
/// A series that comes again under another Study Instance UID was moved to another study, by an archive's correction. It is another series to us; that it follows one,
/// and which, is noted and audited. What waits to be written or sent of the former one is not.
/// </summary>
internal static class StudyCorrection
{
    // other pixels under the same UIDs are somebody else's images
    private const string FromSql = """
        select i.series_key from instance i join series s using (series_key) join series n on n.series_key = @SeriesKey
         where i.sop_instance_uid = @SopInstanceUid and i.series_key <> n.series_key and s.series_uid = n.series_uid
           and s.study_uid <> n.study_uid and n.corrected_from is null
           and (i.meaning is null or @meaning::bytea is null or substring(i.meaning for 32) = substring(@meaning::bytea for 32))
         order by i.received_at desc limit 1
        """;

    private const string MovedSql = """
        select from series where series_key = @from for no key update;
        update series set corrected_from = @from, corrected_revision = revision where series_key = @SeriesKey;
        """;

    /// <summary>After the first instance of a new series, on the caller's transaction.</summary>
    public static async Task LookAsync(NpgsqlConnection connection, StoredInstance instance, CancellationToken cancellationToken)
    {
        var from = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            FromSql,
            new { instance.SeriesKey, instance.Header.SopInstanceUid, meaning = instance.Meaning?.ToBytes() },
            cancellationToken: cancellationToken));
        if (from is not { } former)
        {
            return;
        }

        await EarlierJobs.LockAsync(connection, former, cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(MovedSql, new { from, instance.SeriesKey }, cancellationToken: cancellationToken));
        await connection.WriteAsync(
            new AuditEvent(AuditKind.IdentityCorrected, AuditOutcome.Success, AuditEvent.Ae(instance.SourceAe))
            {
                AssociationId = instance.AssociationId,
                SeriesKey = instance.SeriesKey,
                Reason = "identity.study",
                Details = new Dictionary<string, object?> { ["from_series"] = from },
            },
            cancellationToken);
        await OutdatedDeliveries.WithdrawAsync(connection, former, cancellationToken);
        await EarlierJobs.LeaveAsync(connection, former, cancellationToken);
    }
}
