using HSENet.Trainer.Data;
using HSENet.Trainer.Evaluation.Pages;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>Shows the patch scores of a few studies.</summary>
internal static class ScoredStudies
{
    private const int Shown = 2;

    /// <param name="context">The page.</param>
    /// <param name="studies">Those with the most findings are shown, the earlier of equals.</param>
    /// <param name="scores">Of a study; null: nothing scores its patches.</param>
    public static void Show(EvaluationContext context, IReadOnlyList<int> studies, Func<TrainingCase, float[]?> scores)
    {
        var cases = context.Cases;
        var vision = context.Directory.Configuration.Vision!.ToConfig();
        var axes = context.Directory.Configuration.Preprocessing is { } preprocessing ? string.Concat(preprocessing.Axes) : "";
        var first = true;
        foreach (var study in studies.OrderByDescending(study => cases.Data.Item(study).Details.Count).Take(Shown))
        {
            cases.Try(study, (shown, _) =>
            {
                if (scores(shown) is not { } values)
                {
                    return;
                }

                if (first)
                {
                    context.Page.Heading("Patch scores");
                    context.Page.Note("How much weight the second tower gives to each patch of the volume, over the slice in the middle of each depth and in space. Scores say where the model looked, not why.");
                    first = false;
                }

                context.Page.Scores(new(shown.Item.Id, shown.Volume, (vision.Depth, vision.Height, vision.Width), values, vision.Grid, axes));
            });
        }
    }
}
