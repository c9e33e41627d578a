using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace HSENet.Worker.Audit;

/// <summary>Inserts audit rows on the caller's connection: in the transaction of the change that they tell of.</summary>
internal static class AuditWriter
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string InsertSql = """
        insert into audit.event(event, dcm_code, dcm_type, action, outcome, actor, association_id, series_key, job_id, destination,
                                study_uid, series_uid, sop_instance_uid, reason, details)
        values (@Name, @DcmCode, @DcmType, @Action, @Outcome, @Actor, @AssociationId, @SeriesKey, @JobId, @Destination,
                coalesce(@StudyUid, (select study_uid from series where series_key = @SeriesKey)),
                coalesce(@SeriesUid, (select series_uid from series where series_key = @SeriesKey)), @SopInstanceUid, @Reason, @Details)
        """;

    public static Task WriteAsync(this NpgsqlConnection connection, AuditEvent entry, CancellationToken cancellationToken)
    {
        var row = new
        {
            entry.Kind.Name,
            entry.Kind.DcmCode,
            entry.Kind.DcmType,
            Action = entry.Kind.Action.ToString(),
            Outcome = (short)entry.Outcome,
            entry.Actor,
            entry.AssociationId,
            entry.SeriesKey,
            entry.JobId,
            entry.Destination,
            entry.StudyUid,
            entry.SeriesUid,
            entry.SopInstanceUid,
            entry.Reason,
            Details = entry.Details is null ? "{}" : JsonSerializer.Serialize(entry.Details, Json),
        };
        return connection.ExecuteAsync(new CommandDefinition(InsertSql, row, cancellationToken: cancellationToken));
    }
}
