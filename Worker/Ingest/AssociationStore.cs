using Dapper;
using HSENet.Dicom.Receiving;
using HSENet.Worker.Audit;
using HSENet.Worker.Persistence;
using Npgsql;

namespace HSENet.Worker.Ingest;

/// <summary>
/// Rows of associations: opened, closed with counts, refused. Audited for each association and series, and for each association and reason of a refusal; for each
/// instance only what was kept in the quarantine.
/// </summary>
internal sealed class AssociationStore(Database database, TimeProvider time)
{
    private const string OpenSql = """
        insert into association(association_id, host, calling_ae, called_ae, remote_host, remote_port, trace_context)
        values (@Id, @host, @CallingAe, @CalledAe, @RemoteHost, @RemotePort, @traceContext)
        """;

    private const string CloseSql = """
        update association set closed_at = now(), heard_at = now() - @silence, ending = @ending, stored_count = @Stored, duplicate_count = @Duplicates,
               conflict_count = @Conflicts, refused_count = @Refused
         where association_id = @id and closed_at is null
        """;

    private const string UnstoredSql = """
        insert into unstored_instance(association_id, sop_instance_uid, is_refused, series_key)
        select @Id, uid, is_refused, series_key::uuid from unnest(@uids, @refused, @series) u(uid, is_refused, series_key)
        """;

    private const string AbandonSql = """
        update association set closed_at = now(), ending = 'host-stopped' where host = @host and closed_at is null
        returning association_id, calling_ae, called_ae, remote_host
        """;

    private const string SharesSql = """
        select series_key, stored_count, duplicate_count, conflict_count from association_series where association_id = @id order by series_key
        """;

    public async Task OpenAsync(AssociationContext association, string host, string? traceContext, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(OpenSql, new
        {
            association.Id,
            host,
            association.CallingAe,
            association.CalledAe,
            association.RemoteHost,
            association.RemotePort,
            traceContext,
        }, cancellationToken: cancellationToken));
    }

    public Task CloseAsync(EndedAssociation ended, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var (association, ending, heardLast, (stored, duplicates, conflicts, refused), unstored, untold) = ended;
                var rows = await connection.ExecuteAsync(new CommandDefinition(
                    CloseSql,
                    new { association.Id, silence = time.GetElapsedTime(heardLast), ending, Stored = stored, Duplicates = duplicates, Conflicts = conflicts, Refused = refused },
                    cancellationToken: cancellationToken));
                if (rows == 1)
                {
                    await connection.ExecuteAsync(new CommandDefinition(
                        UnstoredSql,
                        new
                        {
                            association.Id,
                            uids = unstored.Select(u => u.SopInstanceUid).ToArray(),
                            refused = unstored.Select(u => u.IsRefused).ToArray(),
                            series = unstored.Select(u => u.SeriesKey?.ToString()).ToArray(),
                        },
                        cancellationToken: cancellationToken));
                    await AuditSharesAsync(
                        connection, association.Id, association.CallingAe, association.CalledAe, association.RemoteHost, ending, cancellationToken);
                    await AuditUntoldAsync(connection, association, untold, cancellationToken);
                }

                return rows == 1;
            },
            cancellationToken);

    /// <summary>Closes what an earlier process of this host left open.</summary>
    public Task<int> CloseAbandonedAsync(string host, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async connection =>
            {
                var abandoned = (await connection.QueryAsync<(Guid Id, string CallingAe, string CalledAe, string RemoteHost)>(
                    new CommandDefinition(AbandonSql, new { host }, cancellationToken: cancellationToken))).ToList();
                foreach (var (id, callingAe, calledAe, remoteHost) in abandoned)
                {
                    await AuditSharesAsync(connection, id, callingAe, calledAe, remoteHost, "host-stopped", cancellationToken);
                }

                return abandoned.Count;
            },
            cancellationToken);

    public Task RecordInstanceRefusalAsync(
        AssociationContext association, string? sopInstanceUid, string reason, string? quarantineName, CancellationToken cancellationToken) =>
        AuditAsync(
            new AuditEvent(AuditKind.InstanceRefused, AuditOutcome.MinorFailure, AuditEvent.Ae(association.CallingAe))
            {
                AssociationId = association.Id,
                SopInstanceUid = sopInstanceUid,
                Reason = reason,
                Details = new Dictionary<string, object?> { ["quarantine"] = quarantineName, ["called"] = association.CalledAe, ["host"] = association.RemoteHost },
            },
            cancellationToken);

    /// <summary>A file of the spool that no row knows and that cannot be indexed was put aside.</summary>
    public Task RecordLostInstanceAsync(string reason, string quarantineName, CancellationToken cancellationToken) =>
        AuditAsync(
            new AuditEvent(AuditKind.InstanceRefused, AuditOutcome.SeriousFailure, AuditEvent.Service)
            {
                Reason = reason,
                Details = new Dictionary<string, object?> { ["quarantine"] = quarantineName },
            },
            cancellationToken);

    private async Task AuditAsync(AuditEvent entry, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.WriteAsync(entry, cancellationToken);
    }

    private static async Task AuditUntoldAsync(
        NpgsqlConnection connection, AssociationContext association, IReadOnlyDictionary<string, int> untold, CancellationToken cancellationToken)
    {
        foreach (var (reason, count) in untold.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            await connection.WriteAsync(
                new AuditEvent(
                    reason.StartsWith("message.", StringComparison.Ordinal) ? AuditKind.MessageRefused : AuditKind.InstanceRefused,
                    AuditOutcome.MinorFailure,
                    AuditEvent.Ae(association.CallingAe))
                {
                    AssociationId = association.Id,
                    Reason = reason,
                    Details = new Dictionary<string, object?> { ["count"] = count, ["called"] = association.CalledAe, ["host"] = association.RemoteHost },
                },
                cancellationToken);
        }
    }

    private static async Task AuditSharesAsync(
        NpgsqlConnection connection, Guid associationId, string callingAe, string calledAe, string remoteHost, string ending, CancellationToken cancellationToken)
    {
        var shares = await connection.QueryAsync<(Guid SeriesKey, int Stored, int Duplicates, int Conflicts)>(
            new CommandDefinition(SharesSql, new { id = associationId }, cancellationToken: cancellationToken));
        foreach (var share in shares.ToList())
        {
            await connection.WriteAsync(
                new AuditEvent(
                    AuditKind.InstancesReceived,
                    ending == "released" ? AuditOutcome.Success : AuditOutcome.MinorFailure,
                    AuditEvent.Ae(callingAe))
                {
                    AssociationId = associationId,
                    SeriesKey = share.SeriesKey,
                    Reason = ending == "released" ? null : $"association.{ending}",
                    Details = new Dictionary<string, object?>
                    {
                        ["stored"] = share.Stored,
                        ["duplicates"] = share.Duplicates,
                        ["conflicts"] = share.Conflicts,
                        ["called"] = calledAe,
                        ["host"] = remoteHost,
                    },
                },
                cancellationToken);
        }
    }
}
