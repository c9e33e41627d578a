using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace HSENet.Trainer.Training;

/// <summary>Settings as JSON: a preset, and a file that says what differs from it.</summary>
internal static class SettingsFile
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower), new TripleConverter() },
    };

    /// <summary>Every field of <paramref name="path"/> over that of the preset, objects field by field, lists as a whole.</summary>
    /// <param name="preset">Where the file says nothing.</param>
    /// <param name="path">Null: the preset as it is.</param>
    /// <exception cref="TrainerException"><c>settings.file</c>: not JSON of that form; the message names the field.</exception>
    public static T Over<T>(T preset, string? path)
    {
        if (path is null)
        {
            return preset;
        }

        try
        {
            var changes = JsonNode.Parse(File.ReadAllText(path), documentOptions: new() { AllowDuplicateProperties = false, CommentHandling = JsonCommentHandling.Skip });
            var merged = Merge(JsonSerializer.SerializeToNode(preset, Json), changes);
            return merged.Deserialize<T>(Json) ?? throw new TrainerException("settings.file", $"{path} is null.");
        }
        catch (JsonException e)
        {
            throw new TrainerException("settings.file", $"{path}: {e.Message}", e);
        }
    }

    private static JsonNode? Merge(JsonNode? under, JsonNode? over)
    {
        if (under is not JsonObject lower || over is not JsonObject upper)
        {
            return over?.DeepClone();
        }

        var merged = lower.DeepClone().AsObject();
        foreach (var (name, value) in upper)
        {
            merged[name] = Merge(lower[name], value);
        }

        return merged;
    }
}
