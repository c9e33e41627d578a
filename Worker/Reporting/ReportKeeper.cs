using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dapper;
using FellowOakDicom;
using HSENet.Dicom.Reports;
using HSENet.Worker.Delivery;
using HSENet.Worker.Inference;
using HSENet.Worker.Persistence;

namespace HSENet.Worker.Reporting;

/// <summary>
/// Between the drafts of the database and their copies in the spool. The gateway writes the copies, before anything is sent; whoever runs a job that the database does not
/// know to be done looks for one first.
/// </summary>
internal sealed class ReportKeeper(Database database, KeptReports reports)
{
    private const int BatchSize = 20;

    private static readonly DicomTag[] s_patient = [DicomTag.PatientID, DicomTag.PatientBirthDate, DicomTag.PatientName, DicomTag.PatientSex];

    private static readonly string DueSql = $"""
        select d.job_id, j.series_key, j.content_hash, j.route, d.series_instance_uid, d.sop_instance_uid, d.document, d.finish_reason, d.manifest::text as manifest,
               d.created_at, s.instance_count > 0 as has_images, {OutdatedDeliveries.IsUnsent("d.job_id")} as is_withdrawn
          from draft d join job j using (job_id) join series s using (series_key)
         where d.spool_copy = 'due' and (@jobId is null or d.job_id = @jobId)
         order by d.created_at limit @BatchSize
        """;

    private const string RenderingsSql = "select job_id, sop_instance_uid, document from draft_rendering where job_id = any(@jobs)";

    private const string KeptSql = "update draft set spool_copy = @state where job_id = @JobId and spool_copy = 'due'";

    /// <summary>Makes the copies that are due; of one job or of all.</summary>
    /// <param name="jobId">Null: of all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were made: as long as it is not 0, more may wait.</returns>
    /// <exception cref="IOException">The spool does not take them.</exception>
    public async Task<int> KeepAsync(Guid? jobId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var due = (await connection.QueryAsync<DueCopy>(new CommandDefinition(DueSql, new { jobId, BatchSize }, cancellationToken: cancellationToken))).AsList();
        var renderings = (await connection.QueryAsync<(Guid JobId, string Uid, byte[] Document)>(new CommandDefinition(
            RenderingsSql, new { jobs = due.ConvertAll(c => c.JobId) }, cancellationToken: cancellationToken))).ToLookup(r => r.JobId);
        foreach (var copy in due)
        {
            var isKept = copy.HasImages && !copy.IsWithdrawn;
            if (isKept)
            {
                reports.Keep(copy.ToReport(), copy.Document);
                foreach (var (_, uid, document) in renderings[copy.JobId])
                {
                    reports.KeepRendering(copy.SeriesKey, copy.SopInstanceUid, uid, document);
                }
            }
            else if (copy.IsWithdrawn)
            {
                reports.Remove(copy.SeriesKey, copy.SopInstanceUid);
            }

            await connection.ExecuteAsync(new CommandDefinition(
                KeptSql, new { copy.JobId, state = isKept ? "kept" : "deleted" }, cancellationToken: cancellationToken));
        }

        return due.Count;
    }

    /// <summary>Before a report is sent: makes its copy if that is due, and one of it in the class that it is sent in.</summary>
    /// <exception cref="IOException">The spool does not take them.</exception>
    public async Task KeepForSendingAsync(DeliveryClaim claim, CancellationToken cancellationToken)
    {
        await KeepAsync(claim.JobId, cancellationToken);
        if (claim.ReportUid is not { } reportUid)
        {
            return;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select spool_copy = 'kept' from draft where job_id = @JobId", new { claim.JobId }, cancellationToken: cancellationToken)))
        {
            reports.KeepRendering(claim.SeriesKey, reportUid, claim.SopInstanceUid, claim.Document);
        }
    }

    /// <summary>The report of a job's content that the database has lost.</summary>
    /// <returns>Null when there is none, when the database knows it (then it is another job's), or when the images had another header since.</returns>
    public Task<KeptReport?> FindLostAsync(JobClaim claim, CancellationToken cancellationToken)
    {
        var found = reports.Find(claim.SeriesKey, claim.ContentHash, claim.Route);
        return UnlessKnownAsync(found is null || reports.IsFollowed(found) ? null : found, cancellationToken);
    }

    /// <summary>The lost report of the same volume and the same headers, whose images were compressed otherwise than they are now.</summary>
    /// <param name="claim">Of whose content no report is kept.</param>
    /// <param name="digests">Of what it is made of.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<KeptReport?> FindLostSameAsync(JobClaim claim, InputDigests digests, CancellationToken cancellationToken)
    {
        var found = digests.Header is null ? null : reports.FindSame(claim.SeriesKey, claim.Route, digests);
        return UnlessKnownAsync(found is null || reports.IsFollowed(found) ? null : found, cancellationToken);
    }

    /// <summary>The report of what a job's series was before it changed, where the database has lost it: the job's report follows it.</summary>
    /// <returns>Null when there is none, when the database knows it, or when it was a shadow's, which nobody got.</returns>
    public async Task<KeptReport?> FindLostPredecessorAsync(JobClaim claim, CancellationToken cancellationToken) =>
        await UnlessKnownAsync(reports.FindEarlier(claim.SeriesKey, claim.ContentHash, claim.Route), cancellationToken) is { } earlier
        && JsonNode.Parse(earlier.Manifest)?["mode"]?.GetValue<string>() is var mode && (mode == "draft" || mode == claim.Mode)
            ? earlier
            : null;

    private async Task<KeptReport?> UnlessKnownAsync(KeptReport? found, CancellationToken cancellationToken)
    {
        if (found is null)
        {
            return null;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        var isKnown = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from draft where sop_instance_uid = @SopInstanceUid)", new { found.SopInstanceUid }, cancellationToken: cancellationToken));
        return isKnown ? null : found;
    }

    /// <summary>Whether a kept report bears another patient than a new one; both were written by us, so that the same value is the same text.</summary>
    public static bool IsOfOtherPatient(KeptReport kept, DicomFile report)
    {
        if (kept.Document is null)
        {
            return false;
        }

        using var stream = new MemoryStream(kept.Document, writable: false);
        var (before, now) = (DicomFile.Open(stream).Dataset, report.Dataset);
        return s_patient.Any(tag => before.GetSingleValueOrDefault(tag, "") != now.GetSingleValueOrDefault(tag, ""));
    }

    /// <summary>The kept bytes as the report of a job.</summary>
    public static FinishedDraft ToDraft(Guid jobId, KeptReport report)
    {
        using var stream = new MemoryStream(report.Document!, writable: false);
        var file = DicomFile.Open(stream);
        var manifest = JsonNode.Parse(report.Manifest);
        string Of(string part, string name) => manifest?[part]?[name]?.GetValue<string>() ?? "";
        return new()
        {
            JobId = jobId,
            SeriesInstanceUid = report.SeriesInstanceUid,
            SopInstanceUid = report.SopInstanceUid,
            Document = report.Document!,
            Text = DraftReportDocument.ToText(file),
            FinishReason = report.FinishReason,
            Manifest = report.Manifest,
            ModelName = Of("model", "name"),
            ModelVersion = Of("model", "version"),
            ModelDigest = Of("model", "digest"),
            ModelPurpose = Of("model", "purpose"),
            HuSha256 = Of("input", "hu_sha256"),
            IsKept = true,
        };
    }

    private sealed record DueCopy
    {
        public required Guid JobId { get; init; }

        public required Guid SeriesKey { get; init; }

        public required string ContentHash { get; init; }

        public required string Route { get; init; }

        public required string SeriesInstanceUid { get; init; }

        public required string SopInstanceUid { get; init; }

        public required byte[] Document { get; init; }

        public required string FinishReason { get; init; }

        public required string Manifest { get; init; }

        public required DateTime CreatedAt { get; init; }

        /// <summary>It was to be sent, and its images were corrected before: nobody got it.</summary>
        public bool IsWithdrawn { get; init; }

        /// <summary>Its series is in the spool: a report does not outlive the images there.</summary>
        public required bool HasImages { get; init; }

        public KeptReport ToReport() => new()
        {
            JobId = JobId,
            SeriesKey = SeriesKey,
            ContentHash = ContentHash,
            Route = Route,
            SeriesInstanceUid = SeriesInstanceUid,
            SopInstanceUid = SopInstanceUid,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(Document)),
            FinishReason = FinishReason,
            Manifest = Manifest,
            CreatedAt = CreatedAt,
        };
    }
}
