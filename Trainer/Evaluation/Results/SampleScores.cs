using HSENet.Trainer.Evaluation.Text;

namespace HSENet.Trainer.Evaluation.Results;

/// <summary>Scores of one report: a line of <c>samples.jsonl</c>. BLEU is HSENet's: single n-gram precisions.</summary>
internal sealed record SampleScores(
    string Id, double HsenetBleu1, double HsenetBleu2, double HsenetBleu3, double HsenetBleu4, double Rouge1, double RougeL, double Meteor, double? Bertscore, double? Ratescore)
{
    public static SampleScores Of(string id, string candidate, string reference, Meteor meteor, double? bertScore, double? rateScore)
    {
        var (c, r) = (candidate.Trim(), reference.Trim());
        var precisions = Bleu.SinglePrecisions(c, r);
        return new(
            id, precisions[0], precisions[1], precisions[2], precisions[3], Rouge.N(c, r, 1).F, Rouge.L(c, r).F, meteor.Score(c, r), bertScore, rateScore);
    }
}
