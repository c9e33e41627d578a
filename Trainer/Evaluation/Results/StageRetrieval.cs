using HSENet.Trainer.Evaluation.Retrieval;
using HSENet.Trainer.Evaluation.Runs;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Evaluation.Results;

/// <summary>Retrieval with the shared space of one stage.</summary>
/// <param name="Stage">1 or 2.</param>
/// <param name="ReportToVolume">R@K; equal similarities rank by lower index.</param>
/// <param name="VolumeToReport">Likewise.</param>
/// <param name="Volumes">Volume to volume; null where no labels are known.</param>
/// <param name="TopVolumes">For each report the three nearest volumes and their cosines.</param>
/// <param name="TopReports">For each volume the three nearest reports and their cosines.</param>
internal sealed record StageRetrieval(
    int Stage, Recall ReportToVolume, Recall VolumeToReport, VolumeToVolume? Volumes,
    IReadOnlyList<IReadOnlyList<(int Index, double Cosine)>> TopVolumes, IReadOnlyList<IReadOnlyList<(int Index, double Cosine)>> TopReports)
{
    private const int Top = 3;

    /// <summary>The K of the paper's tables, and 1.</summary>
    public static IReadOnlyList<int> Cutoffs { get; } = [1, .. Recall.PaperCutoffs];

    /// <param name="stage">1 or 2.</param>
    /// <param name="embeddings">Each with that stage.</param>
    /// <param name="labels">One row for each; null: not known.</param>
    public static StageRetrieval Compute(int stage, IReadOnlyList<CaseEmbedding> embeddings, IReadOnlyList<bool[]>? labels)
    {
        using var scope = NewDisposeScope();
        var (volumes, reports) = (Matrix(embeddings, item => item.Volume(stage)), Matrix(embeddings, item => item.Report(stage)));   // [N, dim] each
        var (toVolume, toReport) = (Similarities.Between(reports, volumes), Similarities.Between(volumes, reports));
        return new(
            stage,
            Recall.Compute(toVolume, Cutoffs),
            Recall.Compute(toReport, Cutoffs),
            labels is null ? null : VolumeToVolume.Compute(Similarities.Between(volumes, volumes), labels, VolumeToVolume.PaperCutoffs),
            Nearest(toVolume),
            Nearest(toReport));
    }

    private static Tensor Matrix(IReadOnlyList<CaseEmbedding> embeddings, Func<CaseEmbedding, byte[]?> part)
    {
        var rows = embeddings.Select(item => MemoryMarshal.Cast<byte, float>(part(item)).ToArray()).ToArray();
        return rows.All(row => row.Length == rows[0].Length && row.Length > 0)
            ? tensor([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length])
            : throw new TrainerException("evaluate.predictions", "embeddings.jsonl: vectors of different lengths.");
    }

    private static IReadOnlyList<IReadOnlyList<(int Index, double Cosine)>> Nearest(Similarities similarities) =>
        [.. Enumerable.Range(0, similarities.QueryCount).Select(query =>
            (IReadOnlyList<(int, double)>)[.. similarities.Nearest(query, Enumerable.Range(0, similarities.DocumentCount), Top).Select(i => (i, (double)similarities[query, i]))])];
}
