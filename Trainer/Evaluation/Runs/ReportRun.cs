using HSENet.Trainer.Data;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>Writes the reports of a set of studies; goes on where an earlier run stopped.</summary>
internal sealed class ReportRun(EvaluationCases cases, Writer writer, TextWriter output)
{
    /// <param name="path">The file of predictions.</param>
    /// <param name="studies">Numbers of the studies.</param>
    /// <param name="images">Number of the study whose image is shown, for each.</param>
    /// <param name="what">For the progress.</param>
    /// <param name="stop">Looked at between tokens; what is written stays.</param>
    /// <returns>By study, in their order; those that are unusable are missing.</returns>
    public IReadOnlyList<(int Study, ReportPrediction Prediction)> Run(string path, IReadOnlyList<int> studies, IReadOnlyList<int> images, string what, CancellationToken stop)
    {
        using var file = PredictionFile<ReportPrediction>.Open(path, prediction => prediction.Id);
        var open = studies.Zip(images).Where(pair => Known(file, pair.First, pair.Second) is null).ToArray();
        var progress = new EvaluationProgress(output, what, studies.Count, studies.Count - open.Length);
        foreach (var (study, image) in open)
        {
            stop.ThrowIfCancellationRequested();
            cases.Try(image, (shown, load) =>
            {
                var (texts, encode) = writer.Write(shown, null, stop);
                var text = texts[0];
                file.Append(new(
                    cases.Data.Item(study).Id, shown.Item.Id, text.Text, text.FinishReason.ToString(), text.Tokens.Count, new(load, encode, text.PrefillSeconds, text.DecodeSeconds)));
            });
            progress.Advance();
        }

        return [.. studies.Zip(images).Select(pair => (pair.First, Prediction: Known(file, pair.First, pair.Second))).Where(item => item.Prediction is not null).Select(item => (item.First, item.Prediction!))];
    }

    private ReportPrediction? Known(PredictionFile<ReportPrediction> file, int study, int image) =>
        file.Find(cases.Data.Item(study).Id) is { } known && known.Image == cases.Data.Item(image).Id ? known : null;

    /// <summary>What a report is compared with: the findings, as the reference's training has them.</summary>
    public static string Reference(ManifestItem item) => ReportText.Clean(item.Findings!).Trim();

    public static bool IsUsable(ManifestItem item) => !string.IsNullOrWhiteSpace(item.Findings);
}
