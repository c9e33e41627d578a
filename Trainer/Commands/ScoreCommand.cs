using System.Globalization;
using HSENet.Trainer.Evaluation.Text;

namespace HSENet.Trainer.Commands;

/// <summary><c>score --references F.jsonl --candidates F.jsonl --out F.json [--wordnet DIR]</c>: text metrics alone.</summary>
internal static class ScoreCommand
{
    public static void Run(string[] args, TextWriter output)
    {
        var options = new Options("score", args, ["--references", "--candidates", "--out", "--wordnet"]);
        var (references, candidates, target) = (options.Required("--references"), options.Required("--candidates"), options.Required("--out"));
        var pairs = TextFile.Pair(TextFile.Read(references), TextFile.Read(candidates));
        using var wordNet = OpenWordNet(options.Text("--wordnet"));
        var scores = TextScorer.Score(pairs, wordNet);
        TextScoresFile.Write(target, scores);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{scores.Count} texts: BLEU-4 {scores.Bleu[^1]:F4}, ROUGE-L {scores.RougeL:F4}, {scores.MeteorName} {scores.Meteor:F4}, label micro-F1 {scores.Labels.Micro.F1:F4}"));
    }

    /// <summary>A folder that was named must do; the usual one may be absent.</summary>
    private static WordNet? OpenWordNet(string? directory) =>
        directory is not null ? WordNet.Open(directory)
        : Directory.Exists(WordNet.DefaultDirectory) ? WordNet.Open(WordNet.DefaultDirectory)
        : null;
}
