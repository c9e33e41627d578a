namespace HSENet.Trainer.Tests.Guards;

/// <summary>A report as a list of sentences, in which each cut mark is still in its place.</summary>
/// <param name="Findings">Sentences or lines, with the finding that they tell.</param>
/// <param name="Impression">The same of the impression.</param>
/// <param name="Lines">One a line and without full stops; false: prose.</param>
internal sealed record WrittenReport(IReadOnlyList<(string Words, DrawnFinding? Told)> Findings, IReadOnlyList<(string Words, DrawnFinding? Told)> Impression, bool Lines)
{
    public string FindingsText => Text(Findings);

    public string ImpressionText => Text(Impression);

    private string Text(IReadOnlyList<(string Words, DrawnFinding? Told)> sentences) =>
        string.Join(Lines ? "\n" : " ", sentences.Select(item => item.Words.Replace("|", string.Empty, StringComparison.Ordinal)));
}
