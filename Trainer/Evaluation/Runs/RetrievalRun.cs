using System.Runtime.InteropServices;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>Puts the volumes and reports of a set of studies into the shared space; goes on where an earlier run stopped.</summary>
internal sealed class RetrievalRun(EvaluationCases cases, ContrastiveModels models, int seed, TextWriter output)
{
    /// <param name="path">The file of embeddings.</param>
    /// <param name="studies">Numbers of the studies.</param>
    /// <param name="stop">Looked at between studies; what is written stays.</param>
    public IReadOnlyList<(int Study, CaseEmbedding Embedding)> Run(string path, IReadOnlyList<int> studies, CancellationToken stop)
    {
        using var file = PredictionFile<CaseEmbedding>.Open(path, line => line.Id);
        var open = studies.Where(study => file.Find(cases.Data.Item(study).Id) is null).ToArray();
        var progress = new EvaluationProgress(output, "pairs", studies.Count, studies.Count - open.Length);
        foreach (var study in open)
        {
            stop.ThrowIfCancellationRequested();
            cases.Try(study, (shown, load) =>
            {
                var start = System.Diagnostics.Stopwatch.GetTimestamp();
                var (volumes, reports) = models.Encode(shown, ReportRun.Reference(shown.Item), new Random(unchecked((seed * 486187739) + study)));
                var encode = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
                file.Append(new(shown.Item.Id, Bytes(volumes[0]), Bytes(reports[0]), Bytes(volumes[1]), Bytes(reports[1]), load, encode));
            });
            progress.Advance();
        }

        return [.. studies.Select(study => (study, Embedding: file.Find(cases.Data.Item(study).Id))).Where(item => item.Embedding is not null).Select(item => (item.study, item.Embedding!))];
    }

    private static byte[]? Bytes(float[]? values) => values is null ? null : MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
