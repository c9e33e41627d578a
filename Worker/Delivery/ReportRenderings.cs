using System.Security.Cryptography;
using Dapper;
using HSENet.Dicom.Reports;
using HSENet.Worker.Reporting;
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
    /// <param name="reports">What the spool has of it, from before the database was lost.</param>
    /// <param name="claim">With the report as Basic Text SR.</param>
    /// <param name="srClass">Wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DeliveryClaim> ApplyAsync(
        NpgsqlConnection connection, KeptReports reports, DeliveryClaim claim, SrClass srClass, CancellationToken cancellationToken)
    {
        if (srClass == SrClass.Basic)
        {
            return claim with { SrClass = srClass };
        }

        var name = srClass.Name();
        if (await FindAsync() is not { } kept)
        {
            var (document, uid) = Make(reports, claim, srClass);
            await connection.ExecuteAsync(new CommandDefinition(KeepSql, new { claim.JobId, name, uid, document }, cancellationToken: cancellationToken));
            kept = (await FindAsync())!.Value;
        }

        return claim with { SrClass = srClass, ReportUid = claim.SopInstanceUid, SopInstanceUid = kept.Uid, Document = kept.Document };

        Task<(string Uid, byte[] Document)?> FindAsync() => connection.QuerySingleOrDefaultAsync<(string Uid, byte[] Document)?>(
            new CommandDefinition(FindSql, new { claim.JobId, name }, cancellationToken: cancellationToken));
    }

    /// <summary>
    /// The bytes that were sent, where the spool has them. Where they are gone and another version of this program makes others,
    /// those are another object, which names the one that was sent.
    /// </summary>
    private static (byte[] Document, string Uid) Make(KeptReports reports, DeliveryClaim claim, SrClass srClass)
    {
        for (string? replaced = null; ;)
        {
            var (document, uid) = ReportRendering.As(claim.Document, srClass, replaced);
            var kept = reports.FindRendering(claim.SeriesKey, claim.SopInstanceUid, uid);
            if (kept.Document is not null || kept.Sha256 is null || kept.Sha256 == Convert.ToHexStringLower(SHA256.HashData(document)))
            {
                return (kept.Document ?? document, uid);
            }

            replaced = uid;
        }
    }
}
