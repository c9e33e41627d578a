using System.Globalization;
using HSENet.Trainer.Evaluation.Labels;

namespace HSENet.Trainer.Data.Converters;

/// <summary>
/// CT-RATE to a manifest: findings and impression from the reports, the 18 labels, slope, intercept and spacing from the metadata. "Not given." is no
/// text. A report without findings is left out, as in the reference.
/// </summary>
internal static class CtRateConverter
{
    private const string Name = "VolumeName";
    private const string NotGiven = "Not given.";

    /// <exception cref="TrainerException"><c>csv.*</c>: a table is not as published.</exception>
    public static ConvertedStudies Convert(CtRateLayout layout)
    {
        var labels = ByName(layout.Labels);
        var metadata = ByName(layout.Metadata);
        var (items, bad, seen) = (new List<ManifestItem>(), new List<BadItem>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var row in CsvFile.Read(layout.Reports))
        {
            var name = row.Field(Name, layout.Reports);
            var findings = Text(row.Field("Findings_EN", layout.Reports));
            if (!seen.Add(name))
            {
                bad.Add(new(name, "manifest.duplicate", "a second report for the volume."));
            }
            else if (findings is null)
            {
                bad.Add(new(name, "ct-rate.findings", "no findings."));
            }
            else if (layout.Volume(name) is not { } volume)
            {
                bad.Add(new(name, "manifest.volume", "no file of that name in the layout."));
            }
            else if (!metadata.TryGetValue(name, out var about) || Numbers(about, layout.Metadata) is not { } numbers)
            {
                bad.Add(new(name, "ct-rate.metadata", "slope, intercept or spacing is missing or no number."));
            }
            else
            {
                items.Add(new()
                {
                    Id = Id(name),
                    Volume = volume.Path,
                    Rescale = volume.IsCorrected ? null : numbers.Rescale,
                    SpacingMm = numbers.SpacingMm,
                    Findings = findings,
                    Impression = Text(row.Field("Impressions_EN", layout.Reports)),
                    Labels = labels.TryGetValue(name, out var values) ? Labels(values, layout.Labels) : new(),
                });
            }
        }

        return new(items, bad);
    }

    internal static string Id(string volumeName) => volumeName.EndsWith(".nii.gz", StringComparison.Ordinal) ? volumeName[..^".nii.gz".Length] : volumeName;

    private static Dictionary<string, IReadOnlyDictionary<string, string>> ByName(string path)
    {
        var rows = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var row in CsvFile.Read(path))
        {
            rows.TryAdd(row.Field(Name, path), row);
        }

        return rows;
    }

    private static string? Text(string field) => field.Length == 0 || field == NotGiven ? null : field;

    /// <exception cref="TrainerException"><c>csv.column</c>, <c>ct-rate.labels</c>.</exception>
    private static Dictionary<string, bool> Labels(IReadOnlyDictionary<string, string> row, string path) =>
        ChestLabels.CtRate.ToDictionary(label => label, label => row.Field(label, path) switch
        {
            "1" or "1.0" => true,
            "0" or "0.0" => false,
            var other => throw new TrainerException("ct-rate.labels", $"{path}: {label} is '{other}', neither 0 nor 1."),
        }, StringComparer.Ordinal);

    /// <summary>XYSpacing is the text of a list, as in "[0.75, 0.75]". The file's axes are x, y, z.</summary>
    private static (RescaleValues Rescale, double[] SpacingMm)? Numbers(IReadOnlyDictionary<string, string> row, string path)
    {
        var inPlane = row.Field("XYSpacing", path).Trim('[', ']').Split(',').Select(Number).ToArray();
        var (slope, intercept, z) = (Number(row.Field("RescaleSlope", path)), Number(row.Field("RescaleIntercept", path)), Number(row.Field("ZSpacing", path)));
        return inPlane is [{ } x and > 0, { } y and > 0] && slope is { } and not 0 && intercept is { } && z is { } and > 0
            ? (new(slope.Value, intercept.Value), [x, y, z.Value])
            : null;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
