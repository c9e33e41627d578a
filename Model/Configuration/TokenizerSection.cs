using System.Text.Json.Serialization;

namespace HSENet.Model.Configuration;

/// <summary>The tokenizer of the language model.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TokenizerSection
{
    /// <summary><c>bpe</c> (a <c>tokenizer.json</c>) or <c>o200k</c> (Phi-4-mini's, in any of its published forms, with its added tokens).</summary>
    public required string Kind { get; init; }

    /// <summary>How text is cut into words: <c>gpt2</c> or <c>o200k</c>.</summary>
    public required string Split { get; init; }

    /// <summary>Files in the model directory.</summary>
    public string[] Files { get; init; } = [];
}
