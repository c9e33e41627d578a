using HSENet.Trainer.Evaluation.Retrieval;
using static TorchSharp.torch;

namespace HSENet.Trainer.Ablations;

/// <summary>Trains one stage 2 and searches the held-out phantoms with it.</summary>
internal static class RetrievalArm
{
    private static readonly int[] s_cutoffs = [1, 5, 10];

    public static ArmResult Run(AblationSeed seed, AblationArm arm)
    {
        _ = (seed.Slices, seed.Teacher);
        var start = TimeProvider.System.GetTimestamp();
        var variant = arm.Contrastive!;
        using var model = seed.Stage2(arm);
        using var stage = seed.Stage(variant);
        using var scope = NewDisposeScope();
        var (images, texts) = stage.Embed(model, seed.HeldOut, seed.Slices.HeldOut, seed.Teacher);                // [N, hidden] each
        var other = stage.Embed(model, seed.HeldOut, seed.Slices.HeldOut, seed.Teacher, guideShift: 1).Images;    // [N, hidden]
        var found = Measure(images, texts);
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            [MetricNames.RecallAt1] = found.At[1],
            [MetricNames.RecallAt5] = found.At[5],
            [MetricNames.RecallAt10] = found.At[10],
            [MetricNames.RecallAt5OtherGuide] = Measure(other, texts).At[5],
        };
        return new(arm.Id, seed.Seed, TimeProvider.System.GetElapsedTime(start).TotalSeconds, metrics, new Dictionary<string, string>(), found.Ranks);
    }

    private static (Dictionary<int, double> At, Dictionary<string, IReadOnlyList<int>> Ranks) Measure(Tensor images, Tensor texts)
    {
        var ways = new[] { ("volume to report", Similarities.Between(images, texts)), ("report to volume", Similarities.Between(texts, images)) };
        return (
            s_cutoffs.ToDictionary(k => k, k => ways.Average(way => Recall.Compute(way.Item2, [k]).At[k])),
            ways.ToDictionary(way => way.Item1, way => (IReadOnlyList<int>)[.. Enumerable.Range(0, way.Item2.QueryCount).Select(i => way.Item2.Rank(i, i))]));
    }
}
