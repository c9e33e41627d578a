using System.Text.Json;

namespace HSENet.Model.Text;

/// <summary>The contents of a <c>tokenizer.json</c> with a byte-level BPE model.</summary>
/// <param name="Tokens">Text of each token in the byte alphabet.</param>
/// <param name="Merges">Pairs, the first merged first.</param>
/// <param name="Added">Tokens outside the merges, for example the end of text; all are special here.</param>
internal sealed record BpeVocabulary(
    IReadOnlyDictionary<string, int> Tokens, IReadOnlyList<(string Left, string Right)> Merges, IReadOnlyDictionary<string, int> Added)
{
    private const long MaxFileBytes = 256 << 20;

    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>: not such a file; <c>model.unsupported</c>: a part that is not built here.</exception>
    public static BpeVocabulary Read(string path)
    {
        if (new FileInfo(path).Length > MaxFileBytes)
        {
            throw Broken(path, $"larger than {MaxFileBytes} bytes");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), s_options);
            return Read(document.RootElement, path);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Broken(path, e.Message, e);
        }
    }

    private static BpeVocabulary Read(JsonElement root, string path)
    {
        var model = root.GetProperty("model");
        if (model.GetProperty("type").GetString() != "BPE" || (root.TryGetProperty("normalizer", out var normalizer) && normalizer.ValueKind != JsonValueKind.Null))
        {
            throw new HSENetModelException("model.unsupported", $"{path}: only BPE without a normalizer is supported.");
        }

        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in model.GetProperty("vocab").EnumerateObject())
        {
            tokens.Add(item.Name, item.Value.GetInt32());
        }

        var added = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in root.GetProperty("added_tokens").EnumerateArray())
        {
            var content = item.GetProperty("content").GetString();
            if (string.IsNullOrEmpty(content) || !added.TryAdd(content, item.GetProperty("id").GetInt32()))
            {
                throw Broken(path, "an added token is empty or doubled");
            }
        }

        var ids = tokens.Values.Concat(added.Where(item => !tokens.ContainsKey(item.Key)).Select(item => item.Value)).ToList();
        if (ids.Count == 0 || ids.Exists(id => id < 0) || ids.Distinct().Count() != ids.Count)
        {
            throw Broken(path, "ids must be unique and not negative");
        }

        return new BpeVocabulary(tokens, [.. model.GetProperty("merges").EnumerateArray().Select(item => Merge(item, path))], added);
    }

    private static (string Left, string Right) Merge(JsonElement item, string path)
    {
        string[] parts = item.ValueKind == JsonValueKind.Array
            ? [.. item.EnumerateArray().Select(part => part.GetString() ?? string.Empty)]
            : (item.GetString() ?? string.Empty).Split(' ');
        return parts is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw Broken(path, "a merge is not a pair");
    }

    private static HSENetModelException Broken(string path, string detail, Exception? inner = null) => new("tokenizer.format", $"{path}: {detail}.", inner);
}
