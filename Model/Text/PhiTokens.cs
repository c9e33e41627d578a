namespace HSENet.Model.Text;

/// <summary>
/// The tokens that Phi-4-mini and HSENet add to o200k. A vocabulary that names them keeps its own ids. The ids of HSENet's four tokens are
/// expected, not verified: the published files could not be opened. They decide nothing: their rows never reach the network.
/// </summary>
internal static class PhiTokens
{
    private static readonly (string Content, int Id)[] s_special =
    [
        (ReportPrompt.BeginToken, 199999),
        ("<|endofprompt|>", 200018),
        ("<|assistant|>", 200019),
        ("<|end|>", 200020),
        ("<|user|>", 200021),
        ("<|system|>", 200022),
        ("<|tool|>", 200023),
        ("<|/tool|>", 200024),
        ("<|tool_call|>", 200025),
        ("<|/tool_call|>", 200026),
        ("<|tool_response|>", 200027),
        ("<|tag|>", 200028),
        (ReportPrompt.PlaceholderToken, 200029),
        ("<bx_start>", 200030),
        ("<bx_end>", 200031),
    ];

    private const string Segmentation = "[SEG]";
    private const int SegmentationId = 200032;

    /// <summary>Rows that a table needs for all of them.</summary>
    public const int Rows = SegmentationId + 1;

    private const int LastWord = 199997;

    /// <summary>Whether the words are those of o200k, told by their number and the place of the end of text.</summary>
    public static bool Fits(BpeVocabulary vocabulary) => vocabulary.Tokens.Values.Contains(LastWord)
        && (vocabulary.Added.TryGetValue(ReportPrompt.BeginToken, out var end) ? end == s_special[0].Id : !vocabulary.Added.Values.Contains(s_special[0].Id));

    /// <returns>The vocabulary with the tokens that it lacks and whose ids are free.</returns>
    public static BpeVocabulary AddTo(BpeVocabulary vocabulary)
    {
        var added = new Dictionary<string, int>(vocabulary.Added, StringComparer.Ordinal);
        var taken = vocabulary.Tokens.Values.Concat(added.Values).ToHashSet();
        foreach (var (content, id) in s_special.Append((Segmentation, SegmentationId)))
        {
            if (vocabulary.Tokens.TryGetValue(content, out var own))
            {
                added.TryAdd(content, own);   // vocab.json lists some of them among the words
            }
            else if (!added.ContainsKey(content) && taken.Add(id))
            {
                added.Add(content, id);
            }
        }

        return vocabulary with { Added = added, OrdinaryAdded = vocabulary.OrdinaryAdded.Append(Segmentation).ToHashSet(StringComparer.Ordinal) };
    }
}
