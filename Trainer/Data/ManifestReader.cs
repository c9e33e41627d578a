using System.Text.Json;

namespace HSENet.Trainer.Data;

/// <summary>Reads a manifest. Items that are not as they must be are left out, named and counted; the others keep their order.</summary>
internal static class ManifestReader
{
    private static readonly string[] s_kinds = ["presence", QuestionAnswer.Location, "side", "size", "extent", "count"];

    /// <exception cref="TrainerException"><c>manifest.none</c>: no usable item.</exception>
    public static StudyManifest Read(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var (items, bad, ids, number) = (new List<ManifestItem>(), new List<BadItem>(), new HashSet<string>(StringComparer.Ordinal), 0);
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var (item, fault) = Parse(line, $"line {number}");
            fault ??= ids.Add(item!.Id) ? Check(item, directory) : new(item.Id, "manifest.duplicate", $"line {number}: the id came before.");
            if (fault is null)
            {
                items.Add(item!);
            }
            else
            {
                bad.Add(fault);
            }
        }

        return items.Count > 0
            ? new(directory, items, bad)
            : throw new TrainerException("manifest.none", $"{path}: no usable item{(bad.Count > 0 ? $"; {bad.Count} left out, the first: {bad[0].Name}: {bad[0].Detail}" : "")}.");
    }

    private static (ManifestItem? Item, BadItem? Fault) Parse(string line, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (HasNull(json.RootElement))
            {
                return (null, new(name, "manifest.format", "a text holds U+0000, which no path, name or report does."));
            }

            var item = JsonSerializer.Deserialize<ManifestItem>(line, ManifestJson.Options);
            return item is { Id.Length: > 0 } ? (item, null) : (null, new(name, "manifest.format", "no id."));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)   // half a pair of surrogates is no text
        {
            return (null, new(name, "manifest.format", e.Message));
        }
    }

    private static bool HasNull(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!.Contains('\0', StringComparison.Ordinal),
        JsonValueKind.Array => value.EnumerateArray().Any(HasNull),
        JsonValueKind.Object => value.EnumerateObject().Any(item => item.Name.Contains('\0', StringComparison.Ordinal) || HasNull(item.Value)),
        _ => false,
    };

    private static BadItem? Check(ManifestItem item, string directory)
    {
        var volume = Path.GetFullPath(item.Volume, directory);
        if (item.Volume.Length == 0 || VolumeKinds.Of(volume) == VolumeKind.Unknown)
        {
            return new(item.Id, "manifest.volume", $"'{item.Volume}' is neither a folder nor a .nii, .nii.gz, .safetensors or .npy file that exists.");
        }

        if (item.SliceFeatures is { } features && !File.Exists(Path.GetFullPath(features, directory)))
        {
            return new(item.Id, "manifest.features", $"'{features}' does not exist.");
        }

        if (string.IsNullOrWhiteSpace(item.Findings) && string.IsNullOrWhiteSpace(item.Impression) && item.Questions.Count == 0 && item.Labels.Count == 0)
        {
            return new(item.Id, "manifest.empty", "nothing is said of the volume.");
        }

        if (item.Questions.FirstOrDefault(IsBroken) is { } question)
        {
            return new(item.Id, "manifest.question", $"a {question.Kind} question has {Lack(question)}.");
        }

        return item switch
        {
            { Rescale: { } rescale } when !(double.IsFinite(rescale.Slope) && double.IsFinite(rescale.Intercept) && rescale.Slope != 0) =>
                new(item.Id, "manifest.rescale", "slope and intercept must be numbers, the slope not 0."),
            { SpacingMm: { } spacing } when spacing.Count != 3 || spacing.Any(mm => !(mm > 0 && double.IsFinite(mm))) =>
                new(item.Id, "manifest.spacing", "three positive lengths in mm are wanted."),
            _ => null,
        };
    }

    private static bool IsBroken(QuestionAnswer question) => Lack(question) is not null;

    private static string? Lack(QuestionAnswer question) =>
        !s_kinds.Contains(question.Kind) ? "an unknown kind"
        : string.IsNullOrWhiteSpace(question.Answer) ? "no answer"
        : question.IsAskable ? null
        : question.Kind == QuestionAnswer.Location ? "neither text nor abnormality" : "no text; templates are for locations only";
}
