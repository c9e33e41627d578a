using System.Runtime.InteropServices;
using HSENet.TestKit;

namespace HSENet.Trainer.Tests.Evaluation.Runs;

public sealed class EvaluateRetrievalTests(EvaluationWorld world) : IClassFixture<EvaluationWorld>
{
    [Fact]
    public void Both_stages_are_searched_both_ways_and_the_top_three_are_told()
    {
        var target = world.NewOut("retrieval");
        world.Run("retrieval", target).Done();
        var metrics = EvaluationWorld.Metrics(target);
        foreach (var stage in new[] { "stage1", "stage2" })
        {
            foreach (var direction in new[] { "report_to_volume", "volume_to_report" })
            {
                Assert.Equal(["r@1", "r@5", "r@10", "r@50", "r@100", "median_rank"], metrics[stage]![direction]!.AsObject().Select(item => item.Key));
                Assert.Equal(1, metrics[stage]![direction]!["r@10"]!.GetValue<double>());   // of six
            }

            Assert.Equal(["reference", "with_self", "without_self", "map"], metrics[stage]!["volume_to_volume"]!.AsObject().Select(item => item.Key));
        }

        Assert.Equal(1 / 6.0, metrics["chance"]!["r@1"]!.GetValue<double>(), 12);
        Assert.Equal(("lower index first", "manifest", false), (metrics["ties"]!.GetValue<string>(), metrics["volume_labels"]!.GetValue<string>(), metrics["guided_by_report"]!.GetValue<bool>()));
        var lines = EvaluationWorld.Lines(target);
        Assert.Equal(2 * 2 * EvaluationWorld.Cases, lines.Length);
        Assert.All(lines, line =>
        {
            var cosines = line["top"]!.AsArray().Select(item => item!["cosine"]!.GetValue<double>()).ToArray();
            Assert.Equal(3, cosines.Length);
            Assert.Equal(cosines.OrderDescending(), cosines);
        });
    }

    [Fact]
    public void Oracle_finds_everything_and_equal_similarities_rank_by_lower_index()
    {
        var target = world.NewOut("oracle");
        world.Run("retrieval", target).Done();
        EvaluationWorld.Rewrite(target, "embeddings.jsonl", (line, i) =>
        {
            line["stage1_volume"] = Row(i);
            line["stage1_report"] = Row(i);
            line["stage2_volume"] = Row(0);   // all the same: only the first is found at once
            line["stage2_report"] = Row(0);
        });
        Assert.Contains("6 of them done before", world.Run("retrieval", target).Done().Output, StringComparison.Ordinal);
        var metrics = EvaluationWorld.Metrics(target);
        Assert.Equal(1, metrics["stage1"]!["report_to_volume"]!["r@1"]!.GetValue<double>());
        Assert.Equal(1, metrics["stage1"]!["volume_to_report"]!["median_rank"]!.GetValue<double>());
        Assert.Equal(1 / 6.0, metrics["stage2"]!["report_to_volume"]!["r@1"]!.GetValue<double>(), 12);
        Assert.Equal(5 / 6.0, metrics["stage2"]!["report_to_volume"]!["r@5"]!.GetValue<double>(), 12);
        Assert.Equal(3.5, metrics["stage2"]!["report_to_volume"]!["median_rank"]!.GetValue<double>());

        static string Row(int hot)
        {
            var row = new float[EvaluationWorld.Cases];
            row[hot] = 1;
            return Convert.ToBase64String(MemoryMarshal.AsBytes(row.AsSpan()));
        }
    }

    [Fact]
    public void Directory_with_the_second_stage_alone_is_searched_with_that_and_one_without_is_refused()
    {
        using var folder = new TempFolder("retrieval");
        TinyModel.Write(folder.Path("local"), "local");
        TrainerRun Run(string model, string target) =>
            TrainerRun.Of("evaluate", "--task", "retrieval", "--data", world.Manifest, "--model", model, "--out", folder.Path(target), "--cache", folder.Path("cache"));
        Run(folder.Path("local"), "out").Done();
        var metrics = EvaluationWorld.Metrics(folder.Path("out"));
        Assert.NotNull(metrics["stage2"]);
        Assert.Null(metrics["stage1"]);

        Run(Repo.Path("tests", "data", "untrained-model"), "none").Refused("model.incomplete");
    }
}
