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
