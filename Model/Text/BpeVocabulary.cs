namespace HSENet.Model.Text;

/// <summary>The contents of a byte-level BPE vocabulary, whatever files it came in.</summary>
/// <param name="Tokens">Text of each token in the byte alphabet.</param>
/// <param name="Merges">Pairs, the first merged first.</param>
/// <param name="Added">Tokens outside the merges, for example the end of text; special unless named in <see cref="OrdinaryAdded"/>.</param>
internal sealed record BpeVocabulary(
    IReadOnlyDictionary<string, int> Tokens, IReadOnlyList<(string Left, string Right)> Merges, IReadOnlyDictionary<string, int> Added)
{
    /// <summary>Added tokens that are text: decoding shows them.</summary>
    public IReadOnlySet<string> OrdinaryAdded { get; init; } = new HashSet<string>();

    /// <summary>True: a word that is a token is that token, whatever its merges would give.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>True: no text ever becomes this id, as it must be for an id that ends a text.</summary>
    public bool IsControl(long id) => Added.Any(item => item.Value == id && !OrdinaryAdded.Contains(item.Key));

    /// <param name="path">A <c>tokenizer.json</c>.</param>
    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>: not such a file; <c>model.unsupported</c>: a part that is not built here.</exception>
    public static BpeVocabulary Read(string path) => TokenizerJson.Read(path);

    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>: ids that are negative or doubled, or none at all.</exception>
    public BpeVocabulary Checked(string path)
    {
        var ids = Tokens.Values.Concat(Added.Where(item => !Tokens.ContainsKey(item.Key)).Select(item => item.Value)).ToList();
        if (ids.Count == 0 || ids.Exists(id => id < 0) || ids.Distinct().Count() != ids.Count)
        {
            throw new HSENetModelException("tokenizer.format", $"{path}: ids must be unique and not negative.");
        }

        if (Added.Any(item => Tokens.TryGetValue(item.Key, out var id) && id != item.Value))
        {
            throw new HSENetModelException("tokenizer.format", $"{path}: an added token has two ids.");
        }

        return this;
    }
}
