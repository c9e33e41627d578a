using HSENet.Dicom.Reports;
using HSENet.Worker.Previews;

namespace HSENet.Worker.Demo;

/// <summary>Writes the five files of a demo run.</summary>
internal static class DemoFiles
{
    public static readonly IReadOnlyList<string> Names = ["report.dcm", "report.txt", "preview.png", "audit.jsonl", "summary.json"];

    /// <summary>Removes what an earlier run left: an old report must not stand beside a new refusal.</summary>
    public static void Clear(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var name in Names)
        {
            File.Delete(Path.Combine(directory, name));
        }
    }

    public static async Task WriteAsync(DemoOptions options, DemoResult result, CancellationToken cancellationToken)
    {
        Task Write(string name, string text) => File.WriteAllTextAsync(Path.Combine(options.OutputDirectory, name), text, cancellationToken);

        await Write("audit.jsonl", string.Concat(result.Audit.Select(line => line + "\n")));
        await Write("summary.json", Summary(options, result).ToJson() + "\n");
        if (result is { End: DemoEnd.Delivered delivered, Document: { } document })
        {
            await Write("report.txt", delivered.Work.Text.TrimEnd() + "\n");
            await File.WriteAllBytesAsync(Path.Combine(options.OutputDirectory, "report.dcm"), document, cancellationToken);
            await File.WriteAllBytesAsync(Path.Combine(options.OutputDirectory, "preview.png"), Preview(delivered), cancellationToken);
        }
    }

    private static byte[] Preview(DemoEnd.Delivered delivered)
    {
        var scores = delivered.Work.Generated.PatchScores;
        return PreviewImage.Render(
            delivered.Work.Volume,
            (slice, row, column) => scores?.At(slice, row, column),
            [DraftReportDocument.DraftSentence, .. delivered.Work.Model.Warning is { } warning ? new[] { warning } : []]);
    }

    private static DemoSummary Summary(DemoOptions options, DemoResult result)
    {
        var work = (result.End as DemoEnd.Delivered)?.Work;
        return new()
        {
            Outcome = result.End switch { DemoEnd.Delivered => "drafted", DemoEnd.Refused => "refused", _ => "failed" },
            Reason = (result.End as DemoEnd.Refused)?.Code ?? (result.End as DemoEnd.Failed)?.Code,
            Source = options.Files is null ? "phantom" : "folder",
            InstancesSent = result.InstancesSent,
            Drawn = result.Drawn,
            ReportSopInstanceUid = work?.SopInstanceUid,
            StudyInstanceUid = work?.Source.StudyInstanceUid,
            ModelName = work?.Model.Name,
            ModelVersion = work?.Model.Version,
            ModelDigest = work?.Model.Digest,
            ModelWarning = work?.Model.Warning,
            HuSha256 = work?.Volume.HuSha256(),
            FinishReason = work?.Generated.FinishReason.ToString().ToLowerInvariant(),
            Seconds = result.Seconds,
        };
    }
}
