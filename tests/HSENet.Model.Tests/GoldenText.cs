using System.Text.Json;

namespace HSENet.Model.Tests;

/// <summary>The file <c>text-and-formats.json</c> of tests/data/golden.</summary>
internal static class GoldenText
{
    private static readonly Lazy<JsonElement> Root = new(Load);

    public static JsonElement Section(params ReadOnlySpan<string> path)
    {
        var element = Root.Value;
        foreach (var name in path)
        {
            element = element.GetProperty(name);
        }

        return element;
    }

    private static JsonElement Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "data", "golden", "text-and-formats.json")));
        return document.RootElement.Clone();
    }
}
