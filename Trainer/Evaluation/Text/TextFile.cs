using System.Text.Json;

namespace HSENet.Trainer.Evaluation.Text;

/// <summary>Texts by id: JSON Lines of <c>{"id":…,"text":…}</c>.</summary>
internal static class TextFile
{
    /// <returns>In file order.</returns>
    /// <exception cref="TrainerException"><c>score.format</c>: a line is not of that form, or an id comes twice.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string path)
    {
        var (texts, ids, number) = (new List<KeyValuePair<string, string>>(), new HashSet<string>(StringComparer.Ordinal), 0);
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var item = Parse(line) ?? throw new TrainerException("score.format", $"{path} line {number}: not {{\"id\": …, \"text\": …}}.");
            texts.Add(ids.Add(item.Key) ? item : throw new TrainerException("score.format", $"{path} line {number}: the id '{item.Key}' came before."));
        }

        return texts;
    }

    /// <summary>Pairs two files by id, in the order of the references.</summary>
    /// <exception cref="TrainerException"><c>score.ids</c>: the files do not hold the same ids, or none.</exception>
    public static IReadOnlyList<(string Id, string Candidate, string Reference)> Pair(
        IReadOnlyList<KeyValuePair<string, string>> references, IReadOnlyList<KeyValuePair<string, string>> candidates)
    {
        var byId = candidates.ToDictionary(StringComparer.Ordinal);
        var missing = references.Where(reference => !byId.ContainsKey(reference.Key)).Select(reference => reference.Key).ToArray();
        var surplus = byId.Keys.Except(references.Select(reference => reference.Key), StringComparer.Ordinal).ToArray();
        if (missing.Length > 0 || surplus.Length > 0)
        {
            throw new TrainerException("score.ids", $"{missing.Length} ids without a candidate{First(missing)}, {surplus.Length} without a reference{First(surplus)}.");
        }

        return references.Count > 0
            ? [.. references.Select(reference => (reference.Key, byId[reference.Key], reference.Value))]
            : throw new TrainerException("score.ids", "There is nothing to score.");
    }

    private static string First(string[] ids) => ids.Length > 0 ? $" (first: '{ids[0]}')" : "";

    private static KeyValuePair<string, string>? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("id", out var id) || !document.RootElement.TryGetProperty("text", out var text)
                || id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number) || text.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            return new(id.ToString(), text.GetString()!);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
