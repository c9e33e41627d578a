namespace HSENet.Model.Text;

/// <summary>
/// One training sample of the language model: BOS, placeholders, question, one space, answer, end; padded on the right. Labels are the ids of
/// answer and end, the loss shifts them itself.
/// </summary>
/// <param name="Ids">[length]; padding is the end token.</param>
/// <param name="Mask">[length] 1 for what is not padding. The end token has 0, as in the reference: the model is causal, and what predicts it is before it.</param>
/// <param name="Labels">[length] <see cref="Ignored"/> on question and padding.</param>
internal sealed record LabelledPrompt(long[] Ids, long[] Mask, long[] Labels)
{
    /// <summary>What the loss passes over.</summary>
    public const long Ignored = -100;

    /// <param name="tokenizer">Has <see cref="ReportPrompt.BeginToken"/>, which also ends and pads.</param>
    /// <param name="visualCount">Placeholders.</param>
    /// <param name="question">The prompt.</param>
    /// <param name="answer">The report or the answer.</param>
    /// <param name="length">Ids of the result; a longer text is cut on the right and has no end token.</param>
    /// <exception cref="HSENetModelException"><c>tokenizer.format</c>: no begin token; <c>model.input</c>: no room for the placeholders.</exception>
    public static LabelledPrompt Build(ITokenizer tokenizer, int visualCount, string question, string answer, int length)
    {
        if (visualCount + 1 > length)
        {
            throw new HSENetModelException("model.input", $"{length} tokens have no room for {visualCount} visual tokens.");
        }

        var asked = ReportPrompt.Build(tokenizer, visualCount, question).Ids.Count;

        // question and answer are tokenized as one text: the space between them belongs to the answer's first word
        var whole = ReportPrompt.Build(tokenizer, visualCount, $"{question} {answer}").Ids.Take(length).ToArray();
        var end = tokenizer.AddedToken(ReportPrompt.BeginToken)!.Value;
        var (ids, mask, labels) = (new long[length], new long[length], new long[length]);
        Array.Fill(ids, end);
        Array.Fill(labels, Ignored);
        whole.CopyTo(ids, 0);
        mask.AsSpan(0, whole.Length).Fill(1);
        for (var i = asked; i < whole.Length; i++)
        {
            labels[i] = ids[i] == end ? Ignored : ids[i];
        }

        if (whole.Length < length)
        {
            labels[whole.Length] = end;
        }

        return new LabelledPrompt(ids, mask, labels);
    }
}
