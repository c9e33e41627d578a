using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HSENet.Dicom.Files;
using HSENet.Dicom.Series;
using HSENet.Model;
using HSENet.Worker.Inference;

namespace HSENet.Worker.Reporting;

/// <summary>The reproducibility manifest: everything that a report depended on. Keys, digests and numbers; no patient data.</summary>
internal static class ReportManifest
{
    public static string Write(
        JobClaim claim, SeriesReading.Readable reading, ContentDecision content, InputDigests digests, GeneratedReport generated, IReportModel model,
        string device, string precision)
    {
        var volume = reading.Volume;
        var uids = string.Join('\n', reading.Source.Slices.Select(s => s.SopInstanceUid));
        var manifest = new JsonObject
        {
            ["job"] = claim.JobId.ToString(),
            ["route"] = claim.Route,
            ["mode"] = claim.Mode,
            ["attempt"] = claim.Attempt,
            ["model"] = new JsonObject
            {
                ["name"] = model.Identity.Name,
                ["version"] = model.Identity.Version,
                ["digest"] = model.Identity.Digest,
                ["purpose"] = model.Identity.Purpose,
                ["adapter"] = null,
                ["device"] = device,
                ["precision"] = precision,
                ["settings"] = JsonNode.Parse(model.SettingsJson),
            },
            ["input"] = new JsonObject
            {
                ["study_uid"] = reading.Source.StudyInstanceUid,
                ["series_uid"] = reading.Source.SeriesInstanceUid,
                ["content_hash"] = claim.ContentHash,
                ["revision"] = claim.SeriesRevision,
                ["is_partial"] = claim.IsPartial,
                ["partial_reason"] = claim.PartialReason,
                ["slices"] = reading.Source.Slices.Count,
                ["sop_uid_sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(uids))),
                ["hu_sha256"] = digests.Hu,
                ["header_sha256"] = digests.Header,
                ["shape"] = new JsonArray(volume.SliceCount, volume.Rows, volume.Columns),
                ["spacing_mm"] = new JsonArray(volume.SliceSpacingMm, volume.RowSpacingMm, volume.ColumnSpacingMm),
                ["axes"] = $"{volume.Axes.Slice}{volume.Axes.Row}{volume.Axes.Column}",
                ["lossy"] = reading.Source.Lossy is not { } lossy ? null : new JsonObject
                {
                    ["ratio"] = lossy.Ratio,
                    ["methods"] = new JsonArray([.. lossy.Methods.Select(m => JsonValue.Create(m))]),
                },
                ["content"] = Content(content),
                ["notes"] = new JsonArray([.. reading.Notes.Select(n => JsonValue.Create(n.Code))]),
            },
            ["output"] = new JsonObject
            {
                ["finish_reason"] = generated.FinishReason.ToString(),
                ["tokens"] = generated.Tokens,
            },
            ["versions"] = new JsonObject
            {
                ["service"] = Deployment.Build,
                ["dicom_toolkit"] = ToolkitIdentity.Text,
                ["runtime"] = RuntimeInformation.FrameworkDescription,
                ["system"] = RuntimeInformation.OSDescription,
            },
        };
        return manifest.ToJsonString();
    }

    /// <summary>What the check of pixels would have refused, or found missing: code and detail.</summary>
    public static IReadOnlyList<string> ContentNotes(string manifest) =>
        JsonNode.Parse(manifest)?["input"]?["content"]?["notes"] is JsonArray notes
            ? [.. notes.Select(n => $"{n?["code"]}: {n?["detail"]}")]
            : [];

    private static JsonObject Content(ContentDecision content)
    {
        var (verdict, measures) = (content.Verdict, content.Verdict.Measures);
        return new()
        {
            ["reason"] = verdict.Reason?.Code(),
            ["missing_ends"] = new JsonArray([.. verdict.MissingEnds.Select(e => JsonValue.Create(e))]),
            ["is_partial"] = content.IsCoveredInPart,
            ["notes"] = new JsonArray([.. content.Notes.Select(n => new JsonObject { ["code"] = n.Code, ["detail"] = n.Detail })]),
            ["lung_ml"] = Math.Round(measures.LungMillilitres),
            ["lung_share"] = Math.Round(measures.LargestLungShare, 3),
            ["lung_sides"] = new JsonArray(Math.Round(measures.LungSides.Right, 3), Math.Round(measures.LungSides.Left, 3)),
            ["lung_spread_hu"] = measures.LungSpreadHu,
            ["rib_share"] = Math.Round(measures.LungRibShare, 3),
            ["wall_mm"] = Math.Round(measures.LungWallMm),
            ["bone_ml"] = new JsonArray(Math.Round(measures.BoneMillilitres.Front), Math.Round(measures.BoneMillilitres.Back)),
            ["lung_extent_mm"] = Math.Round(measures.LungExtentMm),
            ["scan_extent_mm"] = Math.Round(measures.ScanExtentMm),
            ["lung_share_at_ends"] = new JsonArray(Math.Round(measures.LungShareAtBottom, 3), Math.Round(measures.LungShareAtTop, 3)),
            ["tissue_hu"] = measures.TissueHu,
        };
    }
}
