using Dapper;
using HSENet.Dicom.Reports;
using Npgsql;

namespace HSENet.Worker.Delivery;

/// <summary>Reports in the class that a destination takes, made at the first need and kept.</summary>
internal static class ReportRenderings
{
    private const string KeepSql = """
        insert into draft_rendering(job_id, sr_class, sop_instance_uid, document) values (@JobId, @name, @uid, @document) on conflict do nothing
        """;

    private const string FindSql = "select sop_instance_uid, document from draft_rendering where job_id = @JobId and sr_class = @name";

    /// <param name="connection">Within the transaction that claims the delivery.</param>
    /// <param name="claim">With the report as Basic Text SR.</param>
    /// <param name="srClass">Wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DeliveryClaim> ApplyAsync(NpgsqlConnection connection, DeliveryClaim claim, SrClass srClass, CancellationToken cancellationToken)
    {
        if (srClass == SrClass.Basic)
        {
            return claim with { SrClass = srClass };
        }

        var name = srClass.Name();
        if (await FindAsync() is not { } kept)
        {
            var (document, uid) = ReportRendering.As(claim.Document, srClass);
            await connection.ExecuteAsync(new CommandDefinition(KeepSql, new { claim.JobId, name, uid, document }, cancellationToken: cancellationToken));
            kept = (await FindAsync())!.Value;
        }

        return claim with { SrClass = srClass, SopInstanceUid = kept.Uid, Document = kept.Document };

        Task<(string Uid, byte[] Document)?> FindAsync() => connection.QuerySingleOrDefaultAsync<(string Uid, byte[] Document)?>(
            new CommandDefinition(FindSql, new { claim.JobId, name }, cancellationToken: cancellationToken));
    }
}
