using HSENet.Model.Text;
using HSENet.Trainer.Data;

namespace HSENet.Trainer.FineTuning;

/// <summary>Prompt and answer of a sample: the prompt drawn at random, the answer by the text rules (hsenet.md 3.5).</summary>
/// <param name="tokenizer">Of the language model.</param>
/// <param name="visualTokens">Visual tokens of a volume.</param>
/// <param name="settings">Task, length, target.</param>
/// <param name="templates">Prompts, or templates of questions.</param>
internal sealed class FineTuneTexts(ITokenizer tokenizer, int visualTokens, FineTuneSettings settings, IReadOnlyList<string> templates)
{
    /// <returns>The report to learn; null: the item has none.</returns>
    public static string? Report(ManifestItem item, ReportTarget target)
    {
        if (string.IsNullOrWhiteSpace(item.Findings))
        {
            return null;
        }

        var findings = ReportText.Clean(item.Findings);
        return target == ReportTarget.FindingsAndImpression && !string.IsNullOrWhiteSpace(item.Impression)
            ? $"{findings}\nImpression: {ReportText.Clean(item.Impression)}"
            : findings;
    }

    /// <returns>Whether the question can be asked.</returns>
    public static bool IsUsable(QuestionAnswer question) => !string.IsNullOrWhiteSpace(question.Answer) && question.IsAskable;

    /// <summary>
    /// The question in words: for the place of a finding a template, whatever the manifest asks, so that the wording varies; else the manifest's own.
    /// </summary>
    /// <exception cref="ArgumentException">It is not usable.</exception>
    public string Ask(QuestionAnswer question, Random random) =>
        !question.IsAskable ? throw new ArgumentException($"A {question.Kind} question has no text.", nameof(question))
        : question.Kind == QuestionAnswer.Location && !string.IsNullOrWhiteSpace(question.Abnormality)
            ? Draw(random).Replace(QuestionTemplates.Placeholder, question.Abnormality, StringComparison.Ordinal)
            : question.Question!;

    /// <param name="item">With a text for the task; of several questions one is drawn.</param>
    /// <param name="random">Draws.</param>
    /// <exception cref="TrainerException"><c>data.text</c>: the item has nothing to learn.</exception>
    public LabelledPrompt Of(ManifestItem item, Random random)
    {
        var (asked, answer) = settings.Task == FineTuneTaskKind.Report
            ? (Draw(random), Report(item, settings.Target) ?? throw Lacks(item, "findings"))
            : OfQuestion(item, random);
        var prompt = LabelledPrompt.Build(tokenizer, visualTokens, asked, answer, settings.Length);
        return prompt.Labels.Any(label => label != LabelledPrompt.Ignored)
            ? prompt
            : throw new TrainerException("data.text", $"{item.Id}: the prompt alone fills the {settings.Length} tokens of a sample.");
    }

    private static TrainerException Lacks(ManifestItem item, string what) => new("data.text", $"{item.Id} has no {what}.");

    private (string Asked, string Answer) OfQuestion(ManifestItem item, Random random)
    {
        var usable = item.Questions.Where(IsUsable).ToList();
        if (usable.Count == 0)
        {
            throw Lacks(item, "question with an answer");
        }

        var question = usable[random.Next(usable.Count)];
        return (Ask(question, random), question.Answer);
    }

    private string Draw(Random random) => templates[random.Next(templates.Count)];
}
