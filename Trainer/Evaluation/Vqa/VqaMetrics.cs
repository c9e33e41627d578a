using HSENet.Trainer.Evaluation.Labels;

namespace HSENet.Trainer.Evaluation.Vqa;

/// <summary>Scores of predicted anatomy paths (hsenet.md 5.3).</summary>
/// <param name="All">Over all answers: the micro average.</param>
/// <param name="ByLocation">Over the answers of each location that occurs, in the order of <see cref="AnatomyGroup.Names"/>.</param>
/// <param name="Classification">Location of the prediction against that of the answer: precision, recall and F1 of all 11.</param>
internal sealed record VqaMetrics(LocationScore All, IReadOnlyDictionary<string, LocationScore> ByLocation, IReadOnlyList<ClassScore> Classification)
{
    public double MacroMajor => Macro(score => score.Major);

    public double MacroStrictMajor => Macro(score => score.StrictMajor);

    public double MacroMinor => Macro(score => score.Minor);

    public static VqaMetrics Compute(IReadOnlyList<(string Prediction, string Answer)> items)
    {
        var groups = items.Select(item => (Predicted: AnatomyGroup.IndexOf(item.Prediction), Actual: AnatomyGroup.IndexOf(item.Answer))).ToArray();
        var byLocation = new Dictionary<string, LocationScore>(StringComparer.Ordinal);
        for (var i = 0; i < AnatomyGroup.Names.Count; i++)
        {
            var here = items.Where((_, index) => groups[index].Actual == i).ToArray();
            if (here.Length > 0)
            {
                byLocation.Add(AnatomyGroup.Names[i], Score(here));
            }
        }

        var classification = AnatomyGroup.Names.Select((name, i) => new ClassScore(
            name,
            groups.Count(g => g.Predicted == i && g.Actual == i),
            groups.Count(g => g.Predicted == i && g.Actual != i),
            groups.Count(g => g.Predicted != i && g.Actual == i))).ToArray();
        return new(Score(items), byLocation, classification);
    }

    public static bool IsMajor(string prediction, string answer) => Normal(answer).Contains(FirstComponent(prediction), StringComparison.Ordinal);

    public static bool IsStrictMajor(string prediction, string answer) =>
        FirstComponent(prediction) is { Length: > 0 } first && first == FirstComponent(answer);

    public static bool IsMinor(string prediction, string answer) => Normal(prediction) == Normal(answer);

    private static LocationScore Score(IReadOnlyList<(string Prediction, string Answer)> items) => new(
        items.Count,
        Share(items, IsMajor),
        Share(items, IsStrictMajor),
        Share(items, IsMinor));

    private static double Share(IReadOnlyList<(string Prediction, string Answer)> items, Func<string, string, bool> right) =>
        items.Count == 0 ? 0 : (double)items.Count(item => right(item.Prediction, item.Answer)) / items.Count;

    private double Macro(Func<LocationScore, double> score) => ByLocation.Count == 0 ? 0 : ByLocation.Values.Average(score);

    private static string FirstComponent(string text) => Normal(Normal(text).Split('/')[0]);

    private static string Normal(string text) => text.Trim().ToLowerInvariant();
}
