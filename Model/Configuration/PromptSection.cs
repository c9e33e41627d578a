using System.Text.Json.Serialization;

namespace HSENet.Model.Configuration;

/// <summary>What the language model is asked.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PromptSection
{
    /// <summary>The request for a report; empty: the model writes none.</summary>
    public string Report { get; init; } = string.Empty;

    /// <summary>File with the templates of questions; null for none.</summary>
    public string? VqaTemplates { get; init; }
}
