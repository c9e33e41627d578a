using HSENet.Trainer.Evaluation.Labels;

namespace HSENet.Trainer.Evaluation.Text;

/// <summary>Computes every text metric that needs no weights.</summary>
internal static class TextScorer
{
    /// <param name="pairs">Generated text and its reference; white space around them does not count.</param>
    /// <param name="wordNet">Null: METEOR without synonyms.</param>
    public static TextScores Score(IReadOnlyList<(string Candidate, string Reference)> pairs, WordNet? wordNet)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pairs.Count);
        var (candidates, references) = (pairs.Select(pair => pair.Candidate.Trim()).ToArray(), pairs.Select(pair => pair.Reference.Trim()).ToArray());
        IReadOnlyList<IReadOnlyList<string>> single = [.. references.Select(reference => (IReadOnlyList<string>)[reference])];
        var precisions = candidates.Zip(references, Bleu.SinglePrecisions).ToArray();
        var meteor = new Meteor(wordNet);
        var (found, expected) = (candidates.Select(ReportLabeler.Mentions).ToArray(), references.Select(ReportLabeler.Mentions).ToArray());
        return new(
            pairs.Count,
            [.. Enumerable.Range(1, Bleu.MaximumOrder).Select(order => Bleu.Corpus(candidates, single, order).Bleu)],
            [.. Enumerable.Range(0, Bleu.MaximumOrder).Select(order => precisions.Average(p => p[order]))],
            candidates.Zip(references, (c, r) => Rouge.N(c, r, 1).F).Average(),
            candidates.Zip(references, (c, r) => Rouge.L(c, r).F).Average(),
            candidates.Zip(references, meteor.Score).Average(),
            meteor.Name,
            LabelMetrics.Compute(ChestLabels.CtRate, [.. expected.Select(Vector)], [.. found.Select(Vector)]),
            SideAccuracy(expected, found));
    }

    private static bool[] Vector(IReadOnlyList<LabelMention> mentions)
    {
        var affirmed = mentions.Where(mention => mention.Certainty != Certainty.Absent).Select(mention => mention.Label).ToHashSet(StringComparer.Ordinal);
        return [.. ChestLabels.CtRate.Select(affirmed.Contains)];
    }

    private static double? SideAccuracy(IReadOnlyList<LabelMention>[] expected, IReadOnlyList<LabelMention>[] found)
    {
        var sides = from pair in expected.Zip(found)
                    from label in ChestLabels.All
                    let truth = ReportLabeler.Sides(pair.First, label)
                    where truth != Side.None && pair.Second.Any(mention => mention.Label == label && mention.Certainty != Certainty.Absent)
                    select truth == ReportLabeler.Sides(pair.Second, label) ? 1.0 : 0.0;
        var all = sides.ToArray();
        return all.Length == 0 ? null : all.Average();
    }
}
