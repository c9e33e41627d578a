using Npgsql;
using NpgsqlTypes;

namespace HSENet.Worker.Audit;

/// <summary>Audit rows as JSON, one line each, in the order in which they were written, with the seal of each that has one. Read as they are asked for.</summary>
internal static class AuditExport
{
    private const string Sql = """
        select jsonb_strip_nulls(to_jsonb(e) - 'xid' || jsonb_build_object('details', e.details::jsonb, 'seal',
                   case when s.seq is not null then jsonb_build_object('seq', s.seq, 'row', encode(s.row_hash, 'hex'), 'hash', encode(s.chain, 'hex')) end))::text
          from audit.event e left join audit.seal s on s.event_id = e.event_id and s.at = e.at
         where (@from is null or e.at >= @from) and (@to is null or e.at < @to)
           and (@study is null or e.study_uid = @study) and (@series is null or e.series_uid = @series)
           and (@job is null or e.job_id = @job) and (@event is null or e.event = @event)
         order by e.event_id
        """;

    public static async IAsyncEnumerable<string> ReadAsync(
        NpgsqlConnection connection, AuditFilter filter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = 0 };
        Add(command, "from", NpgsqlDbType.TimestampTz, filter.From);
        Add(command, "to", NpgsqlDbType.TimestampTz, filter.To);
        Add(command, "study", NpgsqlDbType.Text, filter.StudyUid);
        Add(command, "series", NpgsqlDbType.Text, filter.SeriesUid);
        Add(command, "job", NpgsqlDbType.Uuid, filter.JobId);
        Add(command, "event", NpgsqlDbType.Text, filter.Event);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return reader.GetString(0);
        }
    }

    private static void Add(NpgsqlCommand command, string name, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
}
