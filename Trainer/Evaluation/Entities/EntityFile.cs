using System.Text.Json;

namespace HSENet.Trainer.Evaluation.Entities;

/// <summary>
/// Entities by report, as the user's tools find them: JSON Lines of
/// <c>{"id": …, "report": "reference" | "candidate", "entities": [{"type": …, "text": …, "embedding": […]}]}</c>; <c>type</c> is one of ABNORMALITY,
/// NON-ABNORMALITY, DISEASE, NON-DISEASE, ANATOMY; <c>text</c> is for people.
/// </summary>
internal static class EntityFile
{
    private static readonly Dictionary<string, EntityKind> s_kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ABNORMALITY"] = EntityKind.Abnormality,
        ["NON-ABNORMALITY"] = EntityKind.NonAbnormality,
        ["DISEASE"] = EntityKind.Disease,
        ["NON-DISEASE"] = EntityKind.NonDisease,
        ["ANATOMY"] = EntityKind.Anatomy,
    };

    /// <returns>Reference's and candidate's entities in the order of the ids.</returns>
    /// <exception cref="TrainerException">
    /// <c>ratescore.format</c>: a line is not of that form, embeddings differ in length, or a report comes twice; <c>ratescore.ids</c>: a report is missing.
    /// </exception>
    public static IReadOnlyList<(IReadOnlyList<ReportEntity> Reference, IReadOnlyList<ReportEntity> Candidate)> Read(
        IReadOnlyList<string> paths, IReadOnlyList<string> ids)
    {
        var (found, width) = (new Dictionary<(string Id, bool IsReference), IReadOnlyList<ReportEntity>>(), 0);
        foreach (var path in paths)
        {
            var number = 0;
            foreach (var line in File.ReadLines(path))
            {
                number++;
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                var (id, isReference, entities) = Parse(line, ref width)
                    ?? throw new TrainerException("ratescore.format", $"{path} line {number}: not {{\"id\", \"report\", \"entities\": [{{\"type\", \"embedding\"}}]}} with embeddings of one length.");
                if (!found.TryAdd((id, isReference), entities))
                {
                    throw new TrainerException("ratescore.format", $"{path} line {number}: the report of '{id}' came before.");
                }
            }
        }

        IReadOnlyList<ReportEntity> Of(string id, bool isReference) => found.TryGetValue((id, isReference), out var entities)
            ? entities
            : throw new TrainerException("ratescore.ids", $"The {(isReference ? "reference" : "candidate")} of '{id}' has no line.");
        return [.. ids.Select(id => (Of(id, true), Of(id, false)))];
    }

    private static (string Id, bool IsReference, IReadOnlyList<ReportEntity> Entities)? Parse(string line, ref int width)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var report = root.GetProperty("report").GetString();
            var entities = new List<ReportEntity>();
            foreach (var item in root.GetProperty("entities").EnumerateArray())
            {
                var embedding = item.GetProperty("embedding").EnumerateArray().Select(value => value.GetDouble()).ToArray();
                width = width == 0 ? embedding.Length : width;
                if (embedding.Length == 0 || embedding.Length != width || !s_kinds.TryGetValue(item.GetProperty("type").GetString() ?? "", out var kind))
                {
                    return null;
                }

                entities.Add(new(kind, embedding));
            }

            var id = root.GetProperty("id");
            return report is "reference" or "candidate" && id.ValueKind is JsonValueKind.String or JsonValueKind.Number
                ? (id.ToString(), report == "reference", entities) : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
