using HSENet.Trainer.Evaluation.Contextual;
using HSENet.Trainer.Evaluation.Entities;
using HSENet.Trainer.Evaluation.Labels;

namespace HSENet.Trainer.Evaluation.Text;

/// <summary>Scores of a set of generated texts against their references, each 0..1.</summary>
/// <param name="Count">Pairs.</param>
/// <param name="Bleu">Corpus BLEU-1..4 with brevity penalty.</param>
/// <param name="HSENetBleu">What the paper tabulates as BLEU-1..4: the mean over the texts of single clipped n-gram precisions.</param>
/// <param name="Rouge1">Mean F.</param>
/// <param name="RougeL">Mean F.</param>
/// <param name="Meteor">Mean.</param>
/// <param name="MeteorName">Says whether synonyms took part.</param>
/// <param name="Labels">The 18 labels read off the texts.</param>
/// <param name="SideAccuracy">Of the labels found in both texts, with a side in the reference: the share with the same side. Null when there is none.</param>
internal sealed record TextScores(
    int Count,
    IReadOnlyList<double> Bleu,
    IReadOnlyList<double> HSENetBleu,
    double Rouge1,
    double RougeL,
    double Meteor,
    string MeteorName,
    LabelMetrics Labels,
    double? SideAccuracy)
{
    /// <summary>Null: no encoder was given.</summary>
    public BertScores? Bert { get; init; }

    /// <summary>Null: no entities were given.</summary>
    public RateScores? Rate { get; init; }
}
