namespace HSENet.Trainer.Evaluation.Labels;

/// <summary>Scores of predicted label vectors.</summary>
/// <param name="Classes">In the order of the labels.</param>
/// <param name="Micro">Hits of all classes together.</param>
/// <param name="SubsetAccuracy">Share of items with every label right.</param>
/// <param name="HammingLoss">Share of single labels that are wrong.</param>
internal sealed record LabelMetrics(IReadOnlyList<ClassScore> Classes, ClassScore Micro, double SubsetAccuracy, double HammingLoss)
{
    public double MacroPrecision => Classes.Average(score => score.Precision);

    public double MacroRecall => Classes.Average(score => score.Recall);

    /// <summary>Mean over all classes, those without a case too (their F1 is 0).</summary>
    public double MacroF1 => Classes.Average(score => score.F1);

    /// <summary>Mean over the classes that the truth has at least once.</summary>
    public double SupportedMacroF1 => Classes.Where(score => score.Support > 0).Select(score => score.F1).DefaultIfEmpty(0).Average();

    /// <summary>Mean weighted by support.</summary>
    public double WeightedF1 => Classes.Sum(score => score.Support) is var sum and > 0 ? Classes.Sum(score => score.F1 * score.Support) / sum : 0;

    /// <param name="labels">Names of the columns.</param>
    /// <param name="truth">One row for each item.</param>
    /// <param name="predicted">One row for each item.</param>
    public static LabelMetrics Compute(IReadOnlyList<string> labels, IReadOnlyList<bool[]> truth, IReadOnlyList<bool[]> predicted)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(predicted.Count, truth.Count);
        var classes = labels.Select((label, column) => new ClassScore(
            label,
            truth.Zip(predicted).Count(pair => pair.First[column] && pair.Second[column]),
            truth.Zip(predicted).Count(pair => !pair.First[column] && pair.Second[column]),
            truth.Zip(predicted).Count(pair => pair.First[column] && !pair.Second[column]))).ToArray();
        var micro = new ClassScore("micro", classes.Sum(c => c.TruePositives), classes.Sum(c => c.FalsePositives), classes.Sum(c => c.FalseNegatives));
        var cells = truth.Count * labels.Count;
        return new(
            classes,
            micro,
            truth.Count == 0 ? 0 : (double)truth.Zip(predicted).Count(pair => pair.First.AsSpan().SequenceEqual(pair.Second)) / truth.Count,
            cells == 0 ? 0 : (double)(micro.FalsePositives + micro.FalseNegatives) / cells);
    }

    /// <summary>Area under the ROC curve by ranks, ties count half. Null unless both values occur.</summary>
    public static double? Auroc(IReadOnlyList<bool> truth, IReadOnlyList<double> scores)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Count, truth.Count);
        var (positives, negatives) = (truth.Count(t => t), truth.Count(t => !t));
        if (positives == 0 || negatives == 0)
        {
            return null;
        }

        double won = 0;
        var below = 0;
        foreach (var group in scores.Zip(truth).GroupBy(pair => pair.First).OrderBy(group => group.Key))
        {
            var (up, down) = (group.Count(pair => pair.Second), group.Count(pair => !pair.Second));
            won += up * (below + 0.5 * down);
            below += down;
        }

        return won / ((double)positives * negatives);
    }
}
