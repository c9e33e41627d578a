using System.CommandLine;
using System.Globalization;
using HSENet.Commands;
using HSENet.Trainer.Evaluation.Contextual;
using HSENet.Trainer.Evaluation.Entities;
using HSENet.Trainer.Evaluation.Text;

namespace HSENet.Trainer.Commands;

/// <summary>
/// <c>score --references F.jsonl --candidates F.jsonl --out F.json [--wordnet DIR] [--bertscore DIR] [--ratescore FILE…]</c>: text metrics alone.
/// </summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var references = Parameters.Text("--references", "F.jsonl", "What was to be written: lines of id and text.").Needed();
        var candidates = Parameters.Text("--candidates", "F.jsonl", "What was written, under the same ids.").Needed();
        var target = Parameters.Text("--out", "F.json", "The metrics.").Needed();
        var wordNet = Parameters.Text("--wordnet", "DIR", "WordNet's files, for METEOR with synonyms.");
        var bert = Parameters.Text("--bertscore", "DIR", "An encoder for BERTScore.");
        var rate = Parameters.Many("--ratescore", "FILE", "Entities of the texts for RaTEScore.");
        var command = new Command("score", "Scores generated texts against references.").With(references, candidates, target, wordNet, bert, rate);
        command.SetAction(result => Run(
            result.GetRequiredValue(references),
            result.GetRequiredValue(candidates),
            result.GetRequiredValue(target),
            result.GetValue(wordNet),
            result.GetValue(bert),
            result.GetValue(rate) ?? [],
            result.InvocationConfiguration.Output));
        return command;
    }

    private static void Run(
        string references, string candidates, string target, string? synonyms, string? encoder, string[] entities, TextWriter output)
    {
        var texts = TextFile.Pair(TextFile.Read(references), TextFile.Read(candidates));
        var rate = entities.Length > 0 ? RateScores.Of(entities, [.. texts.Select(text => text.Id)]) : null;
        using var bert = encoder is null ? null : BertScorer.Open(encoder);
        using var wordNet = WordNet.Find(synonyms);
        (string Candidate, string Reference)[] pairs = [.. texts.Select(text => (text.Candidate, text.Reference))];
        var scores = TextScorer.Score(pairs, wordNet) with { Bert = bert?.Score(pairs), Rate = rate };
        TextScoresFile.Write(target, scores);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{scores.Count} texts: BLEU-4 {scores.Bleu[^1]:F4}, ROUGE-L {scores.RougeL:F4}, {scores.MeteorName} {scores.Meteor:F4}, label micro-F1 {scores.Labels.Micro.F1:F4}"));
    }
}
