using HSENet.Trainer.Data;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>Asks the questions of a set of studies; goes on where an earlier run stopped.</summary>
/// <param name="cases">The studies.</param>
/// <param name="writer">Answers.</param>
/// <param name="templates">Of questions that stand in the manifest as a finding only; the draw is seeded for each question.</param>
/// <param name="seed">Of the draw.</param>
/// <param name="output">For the progress.</param>
internal sealed class AnswerRun(EvaluationCases cases, Writer writer, IReadOnlyList<string> templates, int seed, TextWriter output)
{
    /// <param name="path">The file of predictions.</param>
    /// <param name="questions">Study and number of each question, study by study.</param>
    /// <param name="stop">Looked at between tokens; what is written stays.</param>
    public IReadOnlyList<AnswerPrediction> Run(string path, IReadOnlyList<(int Study, int Number)> questions, CancellationToken stop)
    {
        using var file = PredictionFile<AnswerPrediction>.Open(path, prediction => AnswerPrediction.Key(prediction.Id, prediction.Number));
        AnswerPrediction? Known((int Study, int Number) question) => file.Find(AnswerPrediction.Key(cases.Data.Item(question.Study).Id, question.Number));
        var open = questions.Where(question => Known(question) is null).ToArray();
        var progress = new EvaluationProgress(output, "questions", questions.Count, questions.Count - open.Length);
        foreach (var study in open.GroupBy(question => question.Study, question => question.Number))
        {
            var numbers = study.ToArray();
            stop.ThrowIfCancellationRequested();
            cases.Try(study.Key, (shown, load) =>
            {
                var asked = numbers.Select(number => Ask(study.Key, number)).ToArray();
                var (texts, encode) = writer.Write(shown, asked, stop);
                for (var i = 0; i < numbers.Length; i++)
                {
                    var (question, text) = (shown.Item.Questions[numbers[i]], texts[i]);
                    file.Append(new(
                        shown.Item.Id, numbers[i], question.Kind, asked[i], question.Answer, text.Text, text.FinishReason.ToString(), text.Tokens.Count,
                        new(load, encode, text.PrefillSeconds, text.DecodeSeconds)));
                }
            });
            foreach (var _ in numbers)
            {
                progress.Advance();
            }
        }

        return [.. questions.Select(Known).OfType<AnswerPrediction>()];
    }

    /// <summary>Those that can be asked, study by study, in the order of the manifest.</summary>
    public static IReadOnlyList<(int Study, int Number)> Questions(ITrainingData data, int? limit) =>
        [.. Enumerable.Range(0, data.Count).SelectMany(study => Askable(data.Item(study)).Select(number => (study, number))).Take(limit ?? int.MaxValue)];

    private static IEnumerable<int> Askable(ManifestItem item) => Enumerable.Range(0, item.Questions.Count).Where(number => item.Questions[number].IsAskable);

    private string Ask(int study, int number)
    {
        var question = cases.Data.Item(study).Questions[number];
        if (!string.IsNullOrWhiteSpace(question.Question))
        {
            return question.Question.Trim();
        }

        var draw = new Random(HashCode(seed, study, number));
        return templates[draw.Next(templates.Count)].Replace(Model.Text.QuestionTemplates.Placeholder, question.Abnormality, StringComparison.Ordinal);
    }

    /// <summary>The same in every process, unlike <see cref="System.HashCode"/>.</summary>
    private static int HashCode(int seed, int study, int number) => unchecked((((seed * 486187739) + study) * 486187739) + number);
}
