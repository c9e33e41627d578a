using HSENet.Dicom.Reports;
using HSENet.Dicom.Series;
using HSENet.Model;

namespace HSENet.Worker.Reporting;

/// <summary>Puts what the model wrote and what the series says into one draft report: the same for the service and for <c>process</c>.</summary>
internal static class DraftComposer
{
    private const string CorrectedText =
        "IDENTITY CORRECTED: these images came before with other data of the patient or study; this report is of the corrected ones.";

    /// <summary>What a report has to say of whom and which order it is for.</summary>
    /// <param name="isCorrected">The sender has corrected that.</param>
    /// <param name="notes">Of the series.</param>
    /// <returns>Null: nothing.</returns>
    public static string? IdentityNote(bool isCorrected, IEnumerable<SeriesNote> notes)
    {
        var order = notes.Where(n => n.Code == AccessionRule.Code).Select(n => $"ORDER UNSURE: {n.Detail}.");
        string[] lines = isCorrected ? [CorrectedText, .. order] : [.. order];
        return lines.Length == 0 ? null : string.Join(' ', lines);
    }

    /// <param name="reportId">The document's UIDs derive from it.</param>
    /// <param name="source">The series.</param>
    /// <param name="generated">What the model wrote.</param>
    /// <param name="model">Which model.</param>
    /// <param name="deploymentId">Which installation.</param>
    /// <param name="stationAeTitle">Our application entity title.</param>
    /// <param name="createdAt">When the report was made.</param>
    /// <param name="timeZone">The site's.</param>
    /// <param name="isPartialSeries">The series was closed before it was known to be complete.</param>
    /// <param name="seriesReason">Stable code of why.</param>
    /// <param name="isCoveredInPart">The scan does not show the lungs to both ends.</param>
    public static DraftReport Compose(
        Guid reportId,
        SourceSeries source,
        GeneratedReport generated,
        ModelIdentity model,
        string deploymentId,
        string stationAeTitle,
        DateTimeOffset createdAt,
        TimeZoneInfo timeZone,
        bool isPartialSeries,
        string? seriesReason = null,
        bool isCoveredInPart = false)
    {
        var hasText = !string.IsNullOrWhiteSpace(generated.Findings);
        return new()
        {
            ReportId = reportId,
            Source = source,
            Findings = hasText ? generated.Findings : PartialText.NoText,
            Impression = generated.Impression,
            PartialReason = PartialText.Reason(
                hasText || generated.FinishReason != FinishReason.Stop ? generated.FinishReason : FinishReason.Empty, isPartialSeries, seriesReason, isCoveredInPart),
            CreatedAt = createdAt,
            TimeZone = timeZone,
            Author = new()
            {
                ModelName = model.Name,
                ModelVersion = model.Version,
                ModelDigest = model.Digest,
                ServiceVersion = Deployment.ServiceVersion,
                DeploymentId = deploymentId,
                StationAeTitle = stationAeTitle,
                Warning = model.Warning,
            },
        };
    }
}
