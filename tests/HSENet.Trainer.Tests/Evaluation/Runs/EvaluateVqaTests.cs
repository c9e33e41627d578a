using HSENet.Trainer.Evaluation.Runs;

namespace HSENet.Trainer.Tests.Evaluation.Runs;

public sealed class EvaluateVqaTests(EvaluationWorld world) : IClassFixture<EvaluationWorld>
{
    [Fact]
    public void Questions_are_asked_and_an_oracle_is_perfect()
    {
        var target = world.NewOut("vqa");
        world.Run("vqa", target).Done();
        var questions = world.Items().SelectMany(item => item.Questions.Select((question, number) => (item.Id, Number: number, question.Question, question.Answer))).ToArray();
        var lines = EvaluationWorld.Lines(target);
        Assert.Equal(questions, lines.Select(line => (line["id"]!.GetValue<string>(), line["number"]!.GetValue<int>(), (string?)line["question"]!.GetValue<string>(), line["answer"]!.GetValue<string>())));

        EvaluationWorld.Rewrite(target, "predictions.jsonl", (line, _) => line["text"] = " " + line["answer"]!.GetValue<string>());
        Assert.Contains($"{questions.Length} of them done before", world.Run("vqa", target).Done().Output, StringComparison.Ordinal);
        var metrics = EvaluationWorld.Metrics(target);
        Assert.Equal(questions.Length, metrics["count"]!.GetValue<int>());
        foreach (var key in new[] { "major", "strict_major", "minor", "macro_major", "macro_strict_major", "macro_minor" })
        {
            Assert.Equal(1, metrics["location"]![key]!.GetValue<double>());
        }

        var presence = metrics["presence"]!;
        Assert.Equal((1.0, 1.0, 0), (presence["accuracy"]!.GetValue<double>(), presence["balanced_accuracy"]!.GetValue<double>(), presence["unclear"]!.GetValue<int>()));
        Assert.Equal(presence["yes"]!.GetValue<int>(), presence["no"]!.GetValue<int>());
        Assert.All(metrics["kinds"]!.AsObject(), kind => Assert.Equal(1, kind.Value!["accuracy"]!.GetValue<double>()));
        Assert.Equal(1, metrics["text"]!["rouge1"]!.GetValue<double>(), 9);
        Assert.Equal(1, metrics["location_text"]!["rougeL"]!.GetValue<double>(), 9);
        Assert.InRange(metrics["seconds"]!["encode"]!.GetValue<double>(), 1e-6, 600);
    }

    [Fact]
    public void Only_what_has_words_or_asks_for_a_place_is_asked()
    {
        var item = world.Items()[0] with
        {
            Questions = [new("presence", null, "yes", "nodule"), new("location", null, "lung", "nodule"), new("size", " ", "5 mm", "nodule"), new("presence", "Any nodule?", "yes")],
        };
        var data = new FineTuning.TinyData([new(item, [], null)]);
        Assert.Equal([(0, 1), (0, 3)], AnswerRun.Questions(data, null));
        Assert.Equal([(0, 1)], AnswerRun.Questions(data, 1));
    }

    [Fact]
    public void Question_without_words_is_made_of_the_directorys_templates_the_same_each_time()
    {
        var lines = world.Items().Select(item => System.Text.Json.JsonSerializer.Serialize(
            item with { Questions = [new("location", null, "lung/left lung", "nodule"), new("location", null, "heart", "effusion")] }, Trainer.Data.ManifestJson.Options));
        var manifest = Path.Combine(Path.GetDirectoryName(world.Manifest)!, "templates.jsonl");
        File.WriteAllLines(manifest, lines);
        string[] Asked(string seed, string limit)
        {
            var target = world.NewOut("templates");
            TrainerRun.Of("evaluate", "--task", "vqa", "--data", manifest, "--model", world.Model, "--out", target, "--cache", Path.Combine(world.Root, "cache"), "--seed", seed, "--limit", limit).Done();
            return [.. EvaluationWorld.Lines(target).Select(line => line["question"]!.GetValue<string>())];
        }

        var asked = Asked("3", "12");
        Assert.Equal(12, asked.Length);
        Assert.Equal(2, asked.Where(question => question.EndsWith("nodule?", StringComparison.Ordinal) || question == "In which part is the nodule found?").Distinct().Count());
        Assert.Equal(asked[..5], Asked("3", "5"));
        Assert.NotEqual(asked, Asked("4", "12"));
    }
}
