using System.Text.Json;

namespace HSENet.Trainer.Tests;

/// <summary>The file <c>text-and-formats.json</c> of tests/data/golden.</summary>
internal static class GoldenText
{
    private static readonly Lazy<JsonElement> s_root = new(Load);

    public static JsonElement Section(params ReadOnlySpan<string> path)
    {
        var element = s_root.Value;
        foreach (var name in path)
        {
            element = element.GetProperty(name);
        }

        return element;
    }

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "data", "golden", file);

    public static string[] Strings(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetString()!)];

    public static double[] Numbers(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetDouble())];

    private static JsonElement Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf("text-and-formats.json")));
        return document.RootElement.Clone();
    }
}
