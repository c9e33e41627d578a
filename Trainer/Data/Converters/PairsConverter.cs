using System.Text.Json;

namespace HSENet.Trainer.Data.Converters;

/// <summary>
/// The JSON files that HSENet's own scripts read (hsenet.md 3.4): an object of lists <c>train</c> and <c>validation</c>; an item has <c>image</c>,
/// <c>text</c>, <c>biomedclip_features</c>, or <c>abnormality</c> and <c>anatomy</c> in place of the text.
/// </summary>
internal static class PairsConverter
{
    /// <exception cref="TrainerException"><c>pairs.format</c>: not such a file, or no such list.</exception>
    public static ConvertedStudies Convert(string path, string split)
    {
        using var document = Parse(path);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(split, out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new TrainerException("pairs.format", $"{path} has no list '{split}'.");
        }

        var (items, bad) = (new List<ManifestItem>(), new List<BadItem>());
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var (item, i) in list.EnumerateArray().Select((item, i) => (item, i)))
        {
            var (image, text, abnormality, anatomy) = (Text(item, "image"), Text(item, "text"), Text(item, "abnormality"), Text(item, "anatomy"));
            if (image is null || (text is null && (abnormality is null || anatomy is null)))
            {
                bad.Add(new($"{split} {i}", "pairs.item", "no image, or neither a text nor abnormality and anatomy."));
                continue;
            }

            items.Add(new()
            {
                Id = $"{split}-{i:D6}",
                Volume = Path.GetFullPath(image, directory),
                SliceFeatures = Text(item, "biomedclip_features") is { } features ? Path.GetFullPath(features, directory) : null,
                Findings = text,
                Questions = abnormality is not null && anatomy is not null ? [new("location", null, anatomy, abnormality)] : [],
            });
        }

        return new(items, bad);
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new TrainerException("pairs.format", $"{path} is no JSON: {e.Message}", e);
        }
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text
            && !string.IsNullOrWhiteSpace(text) ? text : null;
}
