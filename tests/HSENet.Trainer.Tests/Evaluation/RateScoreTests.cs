using System.Text.Json;
using HSENet.TestKit;
using HSENet.Trainer.Evaluation.Entities;

namespace HSENet.Trainer.Tests.Evaluation;

public sealed class RateScoreTests : IDisposable
{
    private static readonly EntityKind[] s_kinds = Enum.GetValues<EntityKind>();

    private readonly TempFolder _folder = new("ratescore");

    [Theory]
    [InlineData("affinity_long")]
    [InlineData("affinity_short")]
    public void Affinities_are_the_published_ones(string name)
    {
        var golden = GoldenText.Section("ratescore", name);
        var matrix = name == "affinity_long" ? AffinityMatrix.Long : AffinityMatrix.Short;
        Assert.Equal(golden.GetProperty("neg_weight").GetDouble(), matrix.Negation);
        Assert.Equal(26, 1 + s_kinds.Length * s_kinds.Length);
        foreach (var (from, to) in s_kinds.SelectMany(from => s_kinds.Select(to => (from, to))))
        {
            Assert.Equal(golden.GetProperty($"{Name(from)}_{Name(to)}").GetDouble(), matrix[from, to]);
        }
    }

    [Fact]
    public void Golden_cases_give_the_golden_scores()
    {
        var cases = GoldenText.Section("ratescore", "cases").EnumerateArray().ToArray();
        Assert.Equal(2, cases.Length);
        foreach (var golden in cases)
        {
            var score = new RateScorer(AffinityMatrix.Long).Score(Entities(golden, "gt"), Entities(golden, "pred"));
            Assert.Equal(golden.GetProperty("gt_to_pred").GetDouble(), score.ReferenceToCandidate, 12);
            Assert.Equal(golden.GetProperty("pred_to_gt").GetDouble(), score.CandidateToReference, 12);
            Assert.Equal(golden.GetProperty("score").GetDouble(), score.Score, 12);
        }
    }

    [Fact]
    public void Report_without_entities_is_undecided()
    {
        ReportEntity[] some = [new(EntityKind.Disease, [1, 0])];
        Assert.Equal(0.5, new RateScorer(AffinityMatrix.Long).Score(some, []).Score);
        Assert.Equal(0.5, new RateScorer(AffinityMatrix.Long).Score([], some).Score);
    }

    [Fact]
    public void Score_command_takes_entity_files_and_names_what_is_missing()
    {
        File.WriteAllText(_folder.Path("r.jsonl"), """{"id": "1", "text": "Nodule."}""" + "\n" + """{"id": "2", "text": "Effusion."}""" + "\n");
        File.WriteAllText(_folder.Path("references.jsonl"), Line("1", "reference", ("DISEASE", [1, 0])) + Line("2", "reference"));
        File.WriteAllText(_folder.Path("candidates.jsonl"), Line("1", "candidate", ("disease", [2, 0])) + Line("2", "candidate", ("ANATOMY", [0, 1])));
        Score("references.jsonl", "candidates.jsonl").Done();
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.Path("out.json")));
        Assert.Equal((1 + 0.5) / 2, json.RootElement.GetProperty("ratescore").GetDouble(), 12);

        Score("references.jsonl").Refused("ratescore.ids", "candidate of '1'");
        Score("references.jsonl", "references.jsonl").Refused("ratescore.format", "line 1", "came before");
        File.WriteAllText(_folder.Path("odd.jsonl"), Line("1", "candidate", ("DISEASE", [1, 0, 0])));
        Score("references.jsonl", "odd.jsonl").Refused("ratescore.format", "one length");
        Assert.Equal(2, TrainerRun.Of("score", "--ratescore", "--out", "x").Code);
    }

    public void Dispose() => _folder.Dispose();

    private static string Name(EntityKind kind) => kind switch { EntityKind.NonAbnormality => "non-abnormality", EntityKind.NonDisease => "non-disease", _ => kind.ToString().ToLowerInvariant() };

    private static ReportEntity[] Entities(JsonElement golden, string side) =>
        [.. golden.GetProperty($"{side}_emb").EnumerateArray().Zip(golden.GetProperty($"{side}_types").Strings(), (row, name) => new ReportEntity(s_kinds.Single(kind => Name(kind) == name), row.Numbers()))];

    private static string Line(string id, string report, params (string Type, double[] Embedding)[] entities) =>
        JsonSerializer.Serialize(new { id, report, entities = entities.Select(entity => new { type = entity.Type, text = "x", embedding = entity.Embedding }) }) + "\n";

    private TrainerRun Score(params string[] files) => TrainerRun.Of(
        ["score", "--references", _folder.Path("r.jsonl"), "--candidates", _folder.Path("r.jsonl"), "--ratescore", .. files.Select(file => _folder.Path(file)), "--out", _folder.Path("out.json")]);
}
