using Dapper;
using HSENet.Worker.Audit;
using Npgsql;

namespace HSENet.Worker.Ingest;

/// <summary>
/// A series that comes again under another Study Instance UID was moved to another study, by an archive's correction. It is another series to us; that it follows one,
/// and which, is noted and audited.
/// </summary>
internal static class StudyCorrection
{
    private const string MovedSql = """
        update series n set corrected_from = o.series_key, corrected_revision = n.revision
          from series o
         where n.series_key = @SeriesKey and n.corrected_from is null and o.series_uid = n.series_uid and o.study_uid <> n.study_uid
           and o.series_key = (select i.series_key from instance i join series s using (series_key)
                                where i.sop_instance_uid = @SopInstanceUid and i.series_key <> @SeriesKey and s.series_uid = n.series_uid
                                order by i.received_at desc limit 1)
        returning o.series_key
        """;

    /// <summary>After the first instance of a new series.</summary>
    public static async Task LookAsync(NpgsqlConnection connection, StoredInstance instance, CancellationToken cancellationToken)
    {
        var from = await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            MovedSql, new { instance.SeriesKey, instance.Header.SopInstanceUid }, cancellationToken: cancellationToken));
        if (from is not null)
        {
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
    }
}
