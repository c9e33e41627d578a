using System.Globalization;
using HSENet.Trainer.Evaluation.Contextual;
using HSENet.Trainer.Evaluation.Entities;
using HSENet.Trainer.Evaluation.Text;

namespace HSENet.Trainer.Commands;

/// <summary>
/// <c>score --references F.jsonl --candidates F.jsonl --out F.json [--wordnet DIR] [--bertscore DIR] [--ratescore FILE…]</c>: text metrics alone.
/// </summary>
internal static class ScoreCommand
{
    public static void Run(string[] args, TextWriter output)
    {
        var (entities, rest) = ManyValues.Take("score", args, "--ratescore");
        var options = new Options("score", rest, ["--references", "--candidates", "--out", "--wordnet", "--bertscore"]);
        var (references, candidates, target) = (options.Required("--references"), options.Required("--candidates"), options.Required("--out"));
        var texts = TextFile.Pair(TextFile.Read(references), TextFile.Read(candidates));
        var rate = entities.Count > 0 ? RateScores.Of(entities, [.. texts.Select(text => text.Id)]) : null;
        using var bert = options.Text("--bertscore") is { } encoder ? BertScorer.Open(encoder) : null;
        using var wordNet = WordNet.Find(options.Text("--wordnet"));
        (string Candidate, string Reference)[] pairs = [.. texts.Select(text => (text.Candidate, text.Reference))];
        var scores = TextScorer.Score(pairs, wordNet) with { Bert = bert?.Score(pairs), Rate = rate };
        TextScoresFile.Write(target, scores);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{scores.Count} texts: BLEU-4 {scores.Bleu[^1]:F4}, ROUGE-L {scores.RougeL:F4}, {scores.MeteorName} {scores.Meteor:F4}, label micro-F1 {scores.Labels.Micro.F1:F4}"));
    }
}
