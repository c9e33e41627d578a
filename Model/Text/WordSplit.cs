using System.Text.RegularExpressions;

namespace HSENet.Model.Text;

/// <summary>How byte-level BPE cuts text into words before it merges.</summary>
internal static partial class WordSplit
{
    /// <summary>GPT-2's pattern: words and numbers with one leading space, runs of other characters, white space.</summary>
    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.CultureInvariant)]
    public static partial Regex Gpt2 { get; }

    /// <param name="name">The field <c>tokenizer.split</c> of hsenet.json.</param>
    /// <exception cref="HSENetModelException"><c>model.unsupported</c>.</exception>
    public static Regex Find(string name) =>
        name == "gpt2" ? Gpt2 : throw new HSENetModelException("model.unsupported", $"tokenizer.split '{name}' is not supported.");
}
