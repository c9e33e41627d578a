using System.Text.Json;

namespace HSENet.Model.Text;

/// <summary>
/// A <c>tokenizer.json</c> with a byte-level BPE model. What would change ids and is not built here is refused by name: normalizers, other
/// pre-tokenizers, byte fallback, prefixes. How words are cut is <c>tokenizer.split</c> of hsenet.json, since published models differ from
/// their own file there.
/// </summary>
internal static class TokenizerJson
{
    private static readonly string[] s_patterns =
    [
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+",                       // GPT-2
        @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+",  // o200k
    ];

    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>: not such a file; <c>model.unsupported</c>: a part that is not built here.</exception>
    public static BpeVocabulary Read(string path) => TokenizerFiles.ReadJson(path, root => Read(root, path));

    /// <returns>The tokens of a list <c>added_tokens</c>, and those of them that are not special.</returns>
    internal static (Dictionary<string, int> Added, HashSet<string> Ordinary) ReadAdded(JsonElement list, string path)
    {
        var (added, ordinary) = (new Dictionary<string, int>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var item in list.EnumerateArray())
        {
            var content = item.GetProperty("content").GetString();
            if (string.IsNullOrEmpty(content) || !added.TryAdd(content, item.GetProperty("id").GetInt32()))
            {
                throw TokenizerFiles.Broken(path, "an added token is empty or doubled");
            }

            if (item.TryGetProperty("special", out var special) && !special.GetBoolean())
            {
                ordinary.Add(content);
            }
        }

        return (added, ordinary);
    }

    internal static Dictionary<string, int> ReadIds(JsonElement map)
    {
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in map.EnumerateObject())
        {
            tokens.Add(item.Name, item.Value.GetInt32());
        }

        return tokens;
    }

    private static BpeVocabulary Read(JsonElement root, string path)
    {
        var model = root.GetProperty("model");
        Support(model.GetProperty("type").GetString() == "BPE", path, "a model other than BPE");
        Support(!IsSet(root, "normalizer"), path, "a normalizer");
        foreach (var name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            Support(!IsSet(model, name) || model.GetProperty(name).GetString() is "", path, name);
        }

        Support(!IsTrue(model, "byte_fallback"), path, "byte_fallback");
        if (IsSet(root, "pre_tokenizer"))
        {
            CheckPreTokenizer(root.GetProperty("pre_tokenizer"), path);
        }

        var tokens = ReadIds(model.GetProperty("vocab"));
        var (added, ordinary) = ReadAdded(root.GetProperty("added_tokens"), path);
        return new BpeVocabulary(tokens, [.. model.GetProperty("merges").EnumerateArray().Select(item => Merge(item, path))], added)
        {
            OrdinaryAdded = ordinary,
            IgnoreMerges = IsTrue(model, "ignore_merges"),
        }.Checked(path);
    }

    private static void CheckPreTokenizer(JsonElement part, string path)
    {
        switch (part.GetProperty("type").GetString())
        {
            case "Sequence":
                foreach (var inner in part.GetProperty("pretokenizers").EnumerateArray())
                {
                    CheckPreTokenizer(inner, path);
                }

                break;
            case "ByteLevel":
                Support(!IsTrue(part, "add_prefix_space"), path, "add_prefix_space");
                break;
            case "Split":
                CheckPattern(part, path);
                break;
            case var other:
                Support(false, path, $"the pre-tokenizer {other}");
                break;
        }
    }

    /// <summary>One of the two patterns that <see cref="WordSplit"/> knows, told by what is characteristic of each; which one cuts is configuration.</summary>
    private static void CheckPattern(JsonElement part, string path)
    {
        var pattern = IsSet(part, "pattern") && part.GetProperty("pattern") is { ValueKind: JsonValueKind.Object } given && IsSet(given, "Regex") ? given.GetProperty("Regex").GetString() ?? "" : "";
        Support(s_patterns.Any(known => pattern.Contains(known, StringComparison.Ordinal)), path, $"a split at '{pattern}'");
    }

    private static (string Left, string Right) Merge(JsonElement item, string path)
    {
        string[] parts = item.ValueKind == JsonValueKind.Array
            ? [.. item.EnumerateArray().Select(part => part.GetString() ?? string.Empty)]
            : (item.GetString() ?? string.Empty).Split(' ');
        return parts is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw TokenizerFiles.Broken(path, "a merge is not a pair");
    }

    private static bool IsSet(JsonElement part, string name) => part.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static bool IsTrue(JsonElement part, string name) => IsSet(part, name) && part.GetProperty(name).GetBoolean();

    private static void Support(bool holds, string path, string what)
    {
        if (!holds)
        {
            throw new HSENetModelException("model.unsupported", $"{path}: {what} is not supported; only byte-level BPE without a normalizer is.");
        }
    }
}
