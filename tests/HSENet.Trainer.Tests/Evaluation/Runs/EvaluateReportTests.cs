using System.Text.Json.Nodes;
using HSENet.Trainer.Data;

namespace HSENet.Trainer.Tests.Evaluation.Runs;

public sealed class EvaluateReportTests(EvaluationWorld world) : IClassFixture<EvaluationWorld>
{
    [Fact]
    public void Reports_are_generated_scored_and_compared_with_all_baselines()
    {
        var target = world.NewOut("report");
        var run = world.Run("report", target, "--swap-images", "--published-seconds", "1.5").Done();
        Assert.Contains("reports: 6", run.Output, StringComparison.Ordinal);
        Assert.Contains("reports with another image: 6", run.Output, StringComparison.Ordinal);

        var metrics = EvaluationWorld.Metrics(target);
        Assert.Equal(("report", 6, 42), (metrics["task"]!.GetValue<string>(), metrics["count"]!.GetValue<int>(), metrics["seed"]!.GetValue<int>()));
        Assert.Equal("tiny", metrics["model"]!["name"]!.GetValue<string>());
        foreach (var key in new[] { "bleu1", "bleu4", "hsenet_bleu1", "hsenet_bleu4", "rouge1", "rougeL", "meteor", "label_micro_f1", "label_macro_f1" })
        {
            Assert.InRange(metrics[key]!.GetValue<double>(), 0, 1);
        }

        Assert.Equal(["most_frequent_report", "shuffled_references", "swapped_image"], metrics["baselines"]!.AsObject().Select(item => item.Key).Order(StringComparer.Ordinal));
        Assert.Equal(1.5, metrics["seconds"]!["published"]!.GetValue<double>());
        Assert.InRange(metrics["seconds"]!["inference"]!.GetValue<double>(), 1e-6, 600);
        Assert.Equal(6, metrics["finish_reasons"]!.AsObject().Sum(item => item.Value!.GetValue<int>()));
        Assert.Empty(metrics["bad_items"]!.AsArray());

        var ids = world.Items().Select(item => item.Id).ToArray();
        var lines = EvaluationWorld.Lines(target);
        Assert.Equal(ids, lines.Select(line => line["id"]!.GetValue<string>()));
        Assert.All(lines, line => Assert.Equal(line["id"]!.GetValue<string>(), line["image"]!.GetValue<string>()));
        var swapped = EvaluationWorld.Lines(target, "predictions-swapped.jsonl");
        Assert.All(swapped, line => Assert.NotEqual(line["id"]!.GetValue<string>(), line["image"]!.GetValue<string>()));
        Assert.Equal(ids.Order(StringComparer.Ordinal), swapped.Select(line => line["image"]!.GetValue<string>()).Order(StringComparer.Ordinal));

        // the same image gives the same text, whoever asks
        Assert.All(swapped, line => Assert.Equal(lines.Single(own => own["id"]!.GetValue<string>() == line["image"]!.GetValue<string>())["text"]!.GetValue<string>(), line["text"]!.GetValue<string>()));
        Assert.Equal(ids, EvaluationWorld.Lines(target, "samples.jsonl").Select(line => line["id"]!.GetValue<string>()));
        Assert.True(File.Exists(Path.Combine(target, "evaluation.html")));
    }

    [Fact]
    public void Oracle_is_perfect_and_the_baselines_are_not()
    {
        var target = world.NewOut("oracle");
        world.Run("report", target).Done();
        var findings = world.Items().ToDictionary(item => item.Id, item => item.Findings!);
        EvaluationWorld.Rewrite(target, "predictions.jsonl", (line, _) => line["text"] = ReportText.Clean(findings[line["id"]!.GetValue<string>()]));
        var again = world.Run("report", target).Done();
        Assert.Contains("6 of them done before", again.Output, StringComparison.Ordinal);

        var metrics = EvaluationWorld.Metrics(target);
        foreach (var key in new[] { "bleu1", "bleu2", "bleu3", "bleu4", "hsenet_bleu1", "hsenet_bleu2", "hsenet_bleu3", "hsenet_bleu4", "rouge1", "rougeL", "label_micro_f1", "label_macro_f1_supported" })
        {
            Assert.Equal(1, metrics[key]!.GetValue<double>(), 9);
        }

        Assert.InRange(metrics["meteor"]!.GetValue<double>(), 0.999, 1);   // NLTK's METEOR of a text with itself is a little below one
        Assert.Equal(1, metrics["truth"]!["micro_f1"]!.GetValue<double>(), 9);
        Assert.Equal(1, metrics["truth"]!["subset_accuracy"]!.GetValue<double>(), 9);
        Assert.Equal(1, metrics["truth_sides"]!["accuracy"]!.GetValue<double>(), 9);
        Assert.InRange(metrics["truth_sides"]!["true_positives"]!.GetValue<int>(), 1, 100);
        foreach (var (_, baseline) in metrics["baselines"]!.AsObject())
        {
            Assert.InRange(baseline!["truth"]!["micro_f1"]!.GetValue<double>(), 0, 0.9);
        }

        Assert.All(EvaluationWorld.Lines(target, "samples.jsonl"), line => Assert.Equal(1, line["rouge_l"]!.GetValue<double>(), 9));
    }

    [Fact]
    public void Stopped_run_goes_on_where_it_was_and_a_torn_line_is_done_again()
    {
        var (whole, target) = (world.NewOut("whole"), world.NewOut("torn"));
        world.Run("report", whole).Done();
        world.Run("report", target, "--limit", "3").Done();
        var path = Path.Combine(target, "predictions.jsonl");
        var kept = File.ReadAllLines(path);
        Assert.Equal(3, kept.Length);
        File.WriteAllText(path, kept[0] + "\n" + kept[1] + "\n" + kept[2][..20]);

        Assert.Contains("reports: 6, 2 of them done before", world.Run("report", target).Done().Output, StringComparison.Ordinal);
        Assert.Equal(kept[..2], File.ReadAllLines(path)[..2]);
        Assert.Equal(Texts(whole), Texts(target));
        Assert.Equal(Values(whole), Values(target));

        static string[] Texts(string folder) => [.. EvaluationWorld.Lines(folder).Select(line => $"{line["id"]} {line["text"]}")];
        static double[] Values(string folder) => [.. new[] { "bleu1", "rougeL", "meteor", "label_micro_f1" }.Select(key => EvaluationWorld.Metrics(folder)[key]!.GetValue<double>())];
    }

    [Fact]
    public void Results_of_another_run_are_not_mixed_in_and_damage_is_named()
    {
        var target = world.NewOut("other");
        world.Run("report", target, "--limit", "1").Done();
        world.Run("report", target, "--limit", "1", "--seed", "5").Refused("evaluate.other", "seed");
        world.Run("vqa", target).Refused("evaluate.other", "task");
        File.WriteAllText(Path.Combine(target, "predictions.jsonl"), "{\"id\": 1}\n");
        world.Run("report", target).Refused("evaluate.predictions", "line 1");

        var strange = world.NewOut("strange");
        Directory.CreateDirectory(strange);
        File.WriteAllText(Path.Combine(strange, "letter.txt"), "");
        world.Run("report", strange).Refused("evaluate.other", "run.json");
    }

    [Fact]
    public void Unusable_study_is_named_counted_and_not_replaced()
    {
        var broken = Path.Combine(Path.GetDirectoryName(world.Manifest)!, "broken.safetensors");
        File.WriteAllText(broken, "not a volume");
        var lines = File.ReadAllLines(world.Manifest);
        var second = JsonNode.Parse(lines[1])!;
        second["volume"] = "broken.safetensors";
        lines[1] = second.ToJsonString();
        lines[2] = "{}";
        var manifest = Path.Combine(Path.GetDirectoryName(world.Manifest)!, "with-faults.jsonl");
        File.WriteAllLines(manifest, lines);
        var target = world.NewOut("bad");
        var run = TrainerRun.Of("evaluate", "--task", "report", "--data", manifest, "--model", world.Model, "--out", target, "--cache", Path.Combine(world.Root, "cache")).Done();

        var id = second["id"]!.GetValue<string>();
        Assert.Contains(id, run.Output, StringComparison.Ordinal);
        var metrics = EvaluationWorld.Metrics(target);
        Assert.Equal(4, metrics["count"]!.GetValue<int>());
        Assert.Equal([id, "line 3"], metrics["bad_items"]!.AsArray().Select(item => item!["name"]!.GetValue<string>()).OrderDescending(StringComparer.Ordinal));
        Assert.Contains("Items left out", File.ReadAllText(Path.Combine(target, "evaluation.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Encoder_and_entities_of_the_user_give_their_scores()
    {
        var bert = Path.Combine(world.Root, "bert");
        TinyBert.WriteBert(bert, TinyBert.Weights(12, 16, 1, 24, 64, 2), 1, 4);
        var entities = Path.Combine(world.Root, "entities.jsonl");
        File.WriteAllLines(entities, world.Items().Take(2).SelectMany(item => new[] { "reference", "candidate" }
            .Select(report => new JsonObject { ["id"] = item.Id, ["report"] = report, ["entities"] = new JsonArray(new JsonObject { ["type"] = "DISEASE", ["embedding"] = new JsonArray(1, 0) }) }.ToJsonString())));
        var target = world.NewOut("weights");
        world.Run("report", target, "--limit", "2", "--bertscore", bert, "--ratescore", entities).Done();
        var metrics = EvaluationWorld.Metrics(target);
        Assert.Equal(1, metrics["ratescore"]!.GetValue<double>(), 9);
        Assert.InRange(metrics["bertscore"]!.GetValue<double>(), -1, 1);
        Assert.All(EvaluationWorld.Lines(target, "samples.jsonl"), line => Assert.Equal(1, line["ratescore"]!.GetValue<double>(), 9));
    }

    [Theory]
    [InlineData("--task", "poem")]
    [InlineData("--limit", "0")]
    [InlineData("--published-seconds", "fast")]
    [InlineData("--colour", "red")]
    public void Wrong_option_is_usage(string option, string value)
    {
        string[] args = option == "--task" ? ["evaluate", option, value] : ["evaluate", "--task", "report", option, value];
        Assert.Equal(2, TrainerRun.Of([.. args, "--data", world.Manifest, "--model", world.Model, "--out", world.NewOut("usage")]).Code);
    }
}
