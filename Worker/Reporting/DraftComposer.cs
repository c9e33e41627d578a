using System.Reflection;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Series;
using HSENet.Model;

namespace HSENet.Worker.Reporting;

/// <summary>Puts what the model wrote and what the series says into one draft report.</summary>
internal static class DraftComposer
{
    /// <summary>Version of this service as it appears in Software Versions.</summary>
    public static string ServiceVersion { get; } =
        typeof(DraftComposer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static DraftReport Compose(
        Guid jobId, SourceSeries source, GeneratedReport text, ModelIdentity model, string deploymentId, string stationAeTitle, DateTimeOffset createdAt) => new()
        {
            JobId = jobId,
            Source = source,
            Findings = text.Findings,
            Impression = text.Impression,
            PartialReason = PartialReason(text.FinishReason),
            CreatedAt = createdAt,
            Author = new()
            {
                ModelName = model.Name,
                ModelVersion = model.Version,
                ModelDigest = model.Digest,
                ServiceVersion = ServiceVersion,
                DeploymentId = deploymentId,
                StationAeTitle = stationAeTitle,
                Warning = model.Warning,
            },
        };

    /// <summary>Only a stop token means that the text is whole; every other end is told in the document.</summary>
    public static string? PartialReason(FinishReason reason) => reason switch
    {
        FinishReason.Stop => null,
        FinishReason.Length => "The text was cut at the token limit.",
        FinishReason.Time => "The text was cut at the time limit.",
        FinishReason.Repetition => "Generation was stopped because the text repeated itself.",
        FinishReason.Empty => "The model wrote no text.",
        FinishReason.TooShort => "The text is too short to be a report.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
