using System.Text.Json.Serialization;

namespace HSENet.Model.Configuration;

/// <summary>The tokenizer of the language model.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TokenizerSection
{
    /// <summary><c>bpe</c> (any byte-level BPE) or <c>o200k</c> (Phi-4-mini's, with its added tokens), in any of the published forms.</summary>
    public required string Kind { get; init; }

    /// <summary>How text is cut into words: <c>gpt2</c> or <c>o200k</c>.</summary>
    public required string Split { get; init; }

    /// <summary>Files in the model directory.</summary>
    public string[] Files { get; init; } = [];
}
