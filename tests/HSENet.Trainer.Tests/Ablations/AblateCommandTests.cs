using System.Text.Json;
using System.Text.Json.Nodes;
using HSENet.Model.Configuration;
using HSENet.TestKit;
using HSENet.Trainer.Ablations;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.Tests.Ablations;

/// <summary>Every arm, trained for a step or two: that it runs, that a stop loses nothing, that a folder stays one run's.</summary>
[Collection(AloneCollection.Name)]
public sealed class AblateCommandTests : IDisposable
{
    private static readonly string s_model = Repo.Path("Model", "Demo");
    private static readonly AblationSettings s_tiny = new() { Cases = 20, HeldOut = 10, Reports = 2, Stage2Passes = 1, ReportPasses = 0.6 };

    private readonly TempFolder _folder = new("ablate");

    [Fact]
    public void Every_arm_runs_and_every_table_is_written()
    {
        var output = Run("all", "1b,1c,2b,3,5").Done().Output;
        Assert.Contains("17 of 17", output, StringComparison.Ordinal);

        var tables = JsonNode.Parse(File.ReadAllText(_folder.Path("all", AblationRun.TablesJson)))!.AsArray();
        Assert.Equal(["1b", "1c", "2b", "3", "5"], tables.Select(table => table!["id"]!.GetValue<string>()));
        var text = File.ReadAllText(_folder.Path("all", AblationRun.TablesText));
        Assert.All(AblationPlan.Tables.SelectMany(table => table.Rows), row => Assert.Contains($"| {row.Name} |", text, StringComparison.Ordinal));
        foreach (var arm in AblationPlan.Arms(AblationPlan.Tables))
        {
            var result = ArmResult.Read(_folder.Path("all"), arm, 1)!;
            Assert.Equal(arm.Report is null ? 0 : s_tiny.Reports, result.Texts.Count);
            Assert.All(result.Ranks.Values, ranks => Assert.Equal(s_tiny.HeldOut, ranks.Count));
            Assert.Equal(arm.Report is null ? 2 : 0, result.Ranks.Count);
        }

        int Tokens(string id) => (int)ArmResult.Read(_folder.Path("all"), AblationPlan.Arms(AblationPlan.Tables).Single(arm => arm.Id == id), 1)!.Metrics[MetricNames.VisualTokens];
        Assert.Equal([64, 32, 32, 64, 16, 32, 128], new[] { "report-ours", "report-global-spatial-packer", "report-local-spatial-pooling", "report-both-q-former", "report-points-32", "report-points-64", "report-points-256" }.Select(Tokens));
    }

    [Fact]
    public async Task A_run_that_was_killed_goes_on_to_the_same_tables()
    {
        Run("whole", "1c,5", stage1Passes: 1).Done();
        await using (var child = ChildProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "hsenet-train.dll"), .. Arguments("killed", "1c,5", stage1Passes: 1)]))
        {
            await Until.TrueAsync(() => Results("killed").Length >= 2, TimeSpan.FromMinutes(10), "two arms are done");
            child.Kill();
        }

        var done = Results("killed");
        Assert.InRange(done.Length, 2, Results("whole").Length - 1);
        var stamps = done.ToDictionary(path => path, File.GetLastWriteTimeUtc);
        var output = Run("killed", "1c,5", stage1Passes: 1).Done().Output;
        Assert.Contains($"{7 - done.Length} to train, {done.Length} done before", output, StringComparison.Ordinal);
        Assert.All(stamps, item => Assert.Equal(item.Value, File.GetLastWriteTimeUtc(item.Key)));
        Assert.Equal(Results("whole").Select(Path.GetFileName), Results("killed").Select(Path.GetFileName));
        Assert.All(Results("whole").Zip(Results("killed")), pair => Assert.Equal(WithoutSeconds(pair.First), WithoutSeconds(pair.Second)));
        Assert.Equal(WithoutSeconds(_folder.Path("whole", AblationRun.TablesJson)), WithoutSeconds(_folder.Path("killed", AblationRun.TablesJson)));
    }

    [Fact]
    public void A_folder_of_other_settings_is_refused_and_so_are_files_that_are_no_results()
    {
        new AblationIdentity("other", s_tiny).Claim(_folder.Path("other"));
        Run("other", "1c").Refused("ablate.other");

        Directory.CreateDirectory(_folder.Path("foreign"));
        File.WriteAllText(_folder.Path("foreign", "notes.txt"), "");
        Run("foreign", "1c").Refused("ablate.other");

        Directory.CreateDirectory(_folder.Path("busy"));
        new AblationIdentity(ModelDirectory.Open(s_model).Digest(), s_tiny).Claim(_folder.Path("busy"));
        using (new FileStream(_folder.Path("busy", "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            Run("busy", "1c").Refused("ablate.busy");
        }

        var arm = AblationPlan.PublishedStage2;
        Directory.CreateDirectory(Path.GetDirectoryName(ArmResult.PathOf(_folder.Root, arm, 1))!);
        File.WriteAllText(ArmResult.PathOf(_folder.Root, arm, 1), "{");
        Assert.Equal("ablate.result", Assert.Throws<TrainerException>(() => ArmResult.Read(_folder.Root, arm, 1)).Code);
    }

    [Fact]
    public void Wrong_options_are_named()
    {
        Assert.Contains("--tables 4", TrainerRun.Of("ablate", "--model", s_model, "--out", _folder.Path("x"), "--tables", "1b,4").Error, StringComparison.Ordinal);
        Assert.Contains("Option '--out' is required.", TrainerRun.Of("ablate", "--model", s_model).Error, StringComparison.Ordinal);
        File.WriteAllText(_folder.Path("bad.json"), """{ "cases": 3 }""");
        TrainerRun.Of("ablate", "--model", s_model, "--out", _folder.Path("x"), "--config", _folder.Path("bad.json")).Refused("settings.range", "cases");
        TrainerRun.Of("ablate", "--model", Repo.Path("tests", "data", "untrained-model"), "--out", _folder.Path("x")).Refused("ablate.model");
    }

    public void Dispose() => _folder.Dispose();

    private TrainerRun Run(string name, string tables, double stage1Passes = 0) => TrainerRun.Of(Arguments(name, tables, stage1Passes));

    private string[] Arguments(string name, string tables, double stage1Passes = 0)
    {
        File.WriteAllText(_folder.Path("tiny.json"), JsonSerializer.Serialize(s_tiny with { Stage1Passes = stage1Passes }, SettingsFile.Json));
        return ["ablate", "--model", s_model, "--out", _folder.Path(name), "--tables", tables, "--seeds", "1", "--config", _folder.Path("tiny.json")];
    }

    private string[] Results(string name) => Directory.Exists(_folder.Path(name, "arms"))
        ? [.. Directory.GetFiles(_folder.Path(name, "arms"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : [];

    private static string WithoutSeconds(string path)
    {
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        Strip(json);
        return json.ToJsonString();
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonObject item)
        {
            item.Remove("seconds");
        }

        IEnumerable<JsonNode?> children = node switch { JsonObject parent => parent.Select(pair => pair.Value), JsonArray list => list, _ => [] };
        foreach (var child in children.ToArray())
        {
            Strip(child);
        }
    }
}
