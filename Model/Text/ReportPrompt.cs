using HSENet.Model.Language;

namespace HSENet.Model.Text;

/// <summary>
/// The input of the language model: one BOS, a placeholder per visual token, then the prompt. No chat template, no separator. The visual tokens
/// (global first, then local) replace positions 1..N.
/// </summary>
/// <param name="Ids">BOS, placeholders, prompt.</param>
/// <param name="VisualCount">N, the placeholders at positions 1..N.</param>
internal sealed record ReportPrompt(IReadOnlyList<long> Ids, int VisualCount)
{
    public const string BeginToken = "<|endoftext|>";
    public const string PlaceholderToken = "<im_patch>";

    /// <param name="language">The language model.</param>
    /// <param name="newTokens">Most tokens to be written after the prompt.</param>
    /// <returns>This prompt.</returns>
    /// <exception cref="HSENetModelException"><c>model.context</c>: together they are more than the language model reads.</exception>
    public ReportPrompt Within(PhiConfig language, int newTokens) => (long)Ids.Count + newTokens <= language.LongestSequence
        ? this
        : throw new HSENetModelException(
            "model.context", $"A prompt of {Ids.Count} tokens and {newTokens} new ones are more than the language model's {language.LongestSequence}.");

    /// <param name="tokenizer">Has <see cref="BeginToken"/>; where <see cref="PlaceholderToken"/> is absent, BOS stands in (it is overwritten).</param>
    /// <param name="visualCount">Visual tokens.</param>
    /// <param name="text">The prompt: ordinary text, special tokens in it have no effect.</param>
    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>: no begin token.</exception>
    public static ReportPrompt Build(ITokenizer tokenizer, int visualCount, string text)
    {
        var begin = tokenizer.AddedToken(BeginToken)
            ?? throw new HSENetModelException("tokenizer.format", $"The tokenizer has no token {BeginToken}.");
        var placeholder = tokenizer.AddedToken(PlaceholderToken) ?? begin;
        return new ReportPrompt([begin, .. Enumerable.Repeat(placeholder, visualCount), .. tokenizer.Encode(text)], visualCount);
    }
}
