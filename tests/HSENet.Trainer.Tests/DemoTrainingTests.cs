using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.TestKit;
using HSENet.Trainer.Commands;
using HSENet.Trainer.DemoModels.Training;
using HSENet.Trainer.Evaluation.Runs;
using HSENet.Trainer.Phantoms;

namespace HSENet.Trainer.Tests;

/// <summary>The recipe of the demonstration model, and what the shipped weights know.</summary>
[Collection(AloneCollection.Name)]
public sealed class DemoTrainingTests : IDisposable
{
    private const int HeldOutSeed = 90210;
    private const int HeldOut = 60;

    private static readonly string s_shipped = Repo.Path("Model", "Demo");
    private readonly TempFolder _folder = new("demo-training");

    [Fact]
    public void The_same_seed_trains_the_same_bytes_and_they_load()
    {
        foreach (var run in new[] { "first", "second" })
        {
            TrainerRun.Of("demo-model", "--out", _folder.Path(run), "--cases", "24", "--held-out", "0", "--seed", "5").Done();
        }

        foreach (var file in Directory.GetFiles(_folder.Path("first")).Where(file => Path.GetFileName(file) is not ("training.json" or "README.md")))
        {
            Assert.True(File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(_folder.Path("second", Path.GetFileName(file)))), $"{file} differs");
        }

        using var model = HSENetModel.Load(_folder.Path("first"), "cpu");
        Assert.Equal("demonstration model, trained on synthetic phantoms only, not for clinical use", model.Identity.Warning);
    }

    [Fact]
    public void The_shipped_reports_tell_what_was_drawn_and_not_what_another_case_has()
    {
        var measured = DemoCheck.Texts(s_shipped, new PhantomCorpusOptions { Count = HeldOut, Seed = HeldOutSeed }, 2 * HeldOut);
        Assert.True(measured["labels.micro-F1"] >= 0.75, DemoCheck.Text(measured));
        Assert.True(measured["labels.macro-F1"] >= 0.6, DemoCheck.Text(measured));
        Assert.True(measured["labels.micro-F1"] - measured["labels.micro-F1 swapped image"] >= 0.4, DemoCheck.Text(measured));
        Assert.True(measured["sides.right"] >= 0.9 && measured["sides.true positives"] >= 25, DemoCheck.Text(measured));
        Assert.True(measured["vqa.presence right"] >= 0.9, DemoCheck.Text(measured));
    }

    /// <summary>The two commands of the card; another processor may round a token away, so a little is left for it.</summary>
    [Fact]
    public void Evaluate_on_the_shipped_weights_says_what_the_card_says()
    {
        var record = JsonNode.Parse(File.ReadAllText(Path.Combine(s_shipped, "training.json")))!;
        var card = record["held-out"]!.AsObject().ToDictionary(item => item.Key, item => item.Value!.GetValue<double>());
        var (count, seed) = ($"{record["settings"]!["HeldOut"]}", $"{record["settings"]!["HeldOutSeed"]}");
        TrainerRun.Of("phantoms", "--out", _folder.Path("held-out"), "--count", count, "--seed", seed).Done();
        foreach (var task in Enum.GetValues<EvaluationTask>())
        {
            string[] swap = task == EvaluationTask.Report ? ["--swap-images"] : [];
            TrainerRun.Of(
                ["evaluate", "--task", $"{task}".ToLowerInvariant(), "--data", _folder.Path("held-out", "manifest.jsonl"), "--model", s_shipped, "--out", _folder.Path($"{task}"), .. swap]).Done();
        }

        var numbers = DemoEvaluation.Numbers(task => _folder.Path($"{task}"));
        Assert.Equal(card.Keys.Order(StringComparer.Ordinal), numbers.Keys);
        Assert.All(numbers, number => Assert.Equal(card[number.Key], number.Value, number.Key is "sides.true positives" or "vqa.presence questions" ? 4 : 0.02));
        Assert.Equal("200", count);
        Assert.True(numbers["retrieval.R@10 volume to report"] >= 0.5 && numbers["retrieval.R@10 report to volume"] >= 0.5);
        Assert.True(numbers["labels.micro-F1"] >= 0.75 && numbers["labels.macro-F1"] >= 0.6);
        Assert.True(numbers["labels.micro-F1 of texts"] - numbers["labels.micro-F1 of texts, swapped image"] >= 0.4);
        Assert.True(numbers["sides.right"] >= 0.9 && numbers["sides.true positives"] >= 50 && numbers["vqa.presence right"] >= 0.9);
    }

    [Fact]
    public void The_shipped_reports_of_a_finer_series_tell_it_too()
    {
        var measured = DemoCheck.Texts(s_shipped, new PhantomCorpusOptions { Count = 20, Seed = HeldOutSeed + 1, Size = (64, 256, 256) }, 0);
        Assert.True(measured["labels.micro-F1"] >= 0.6, DemoCheck.Text(measured));
    }

    [Fact]
    public void The_shipped_stage_2_finds_the_report_of_a_volume_and_back()
    {
        TrainerRun.Of("phantoms", "--out", _folder.Path("others"), "--count", "200", "--seed", $"{HeldOutSeed}").Done();
        TrainerRun.Of("evaluate", "--task", "retrieval", "--data", _folder.Path("others", "manifest.jsonl"), "--model", s_shipped, "--out", _folder.Path("found")).Done();
        var stage2 = JsonNode.Parse(File.ReadAllText(_folder.Path("found", "metrics.json")))!["stage2"]!;
        Assert.All(new[] { "volume_to_report", "report_to_volume" }, way => Assert.True(stage2[way]!["r@10"]!.GetValue<double>() >= 0.5, stage2.ToJsonString()));
    }

    public void Dispose() => _folder.Dispose();
}
