using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Generation;
using HSENet.Model.Text;
using HSENet.TestKit;
using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Augmentation;
using HSENet.Trainer.Data.Loading;
using HSENet.Trainer.Evaluation.Labels;
using HSENet.Trainer.FineTuning;
using HSENet.Trainer.Tests.Training;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Checkpoints;
using HSENet.Trainer.Training.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.FineTuning;

[Collection(TrainingCollection.Name)]
public sealed class FineTuneTaskTests : IDisposable
{
    private readonly TempFolder _folder = new("finetune");
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Only_packers_and_adapter_are_trained_under_the_published_names()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        using var task = TinyRun.Task(model, TinyRun.Settings());
        var published = PublishedLayouts.Authors("vlm_adapter_file").Keys.Where(name => !name.Contains(".layers.", StringComparison.Ordinal)
            || name.Contains(".layers.0.", StringComparison.Ordinal) || name.Contains(".layers.1.", StringComparison.Ordinal));
        Assert.Equal(published.Order(StringComparer.Ordinal), task.Trained.Select(item => item.Name).Order(StringComparer.Ordinal));

        task.Loss(TinyModel.Data(model).Cases, TinyRun.Step(), new Dictionary<string, double>()).backward();
        Assert.All(task.Trained, item => Assert.True(item.Value.grad is not null, item.Name));
    }

    [Theory]
    [InlineData("report")]
    [InlineData("vqa")]
    public void Loss_is_that_of_the_answers_tokens_in_the_published_layout_whatever_the_padding(string name)
    {
        var kind = name == "report" ? FineTuneTaskKind.Report : FineTuneTaskKind.Vqa;
        var model = TinyModel.Write(_folder.Path("model"));
        var settings = TinyRun.Settings(kind);
        var samples = new FineTuneSamples(TinyModel.Data(model), kind);
        TrainingCase[] batch = [samples.Load(0), samples.Load(1), samples.Load(2)];
        var networks = FineTuneNetworks.Load(model, settings, CPU);   // the task owns them
        networks.Train(false);
        using var task = new FineTuneTask(networks, settings, CPU);
        using var quiet = no_grad();

        var loss = task.Loss(batch, TinyRun.Step(3), new Dictionary<string, double>()).ToDouble();

        // the same by hand: each sample alone, over the whole length, token by token
        var (sum, count, random) = (0.0, 0, TinyRun.Step(3).Random);
        foreach (var sample in batch)
        {
            using var scope = NewDisposeScope();
            var template = task.Templates[random.Next(kind == FineTuneTaskKind.Report ? 42 : 1)];
            var (asked, answer) = kind == FineTuneTaskKind.Report ? (template, ReportText.Clean(sample.Item.Findings!)) : Question(sample, task, random);
            var prompt = LabelledPrompt.Build(networks.Tokenizer, TinyModel.VisualTokens, asked, answer, settings.Length);
            var embedded = networks.Language.Embed(tensor(prompt.Ids, 1, settings.Length));
            embedded.narrow(1, 1, TinyModel.VisualTokens).copy_(task.VisualTokens([sample]));
            var log = nn.functional.log_softmax(networks.Language.forward(embedded), -1);
            var first = ReportPrompt.Build(networks.Tokenizer, TinyModel.VisualTokens, asked).Ids.Count;
            long[] wanted = [.. networks.Tokenizer.Encode($"{asked} {answer}").Skip(first - 1 - TinyModel.VisualTokens), networks.Tokenizer.AddedToken(ReportPrompt.BeginToken)!.Value];
            for (var i = 0; i < wanted.Length; i++)
            {
                sum -= log[0, first - 1 + i, wanted[i]].ToDouble();
                count++;
            }
        }

        Assert.Equal(sum / count, loss, 1e-4);
    }

    [Fact]
    public void Dropout_works_in_training_only()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        var settings = TinyRun.Settings();
        var networks = FineTuneNetworks.Load(model, settings, CPU);   // the task owns them
        using var task = new FineTuneTask(networks, settings, CPU);
        var cases = TinyModel.Data(model).Cases;
        using (no_grad())
        {
            foreach (var (name, value) in task.Trained.Where(item => item.Name.Contains("lora_B", StringComparison.Ordinal)))
            {
                value.normal_();   // a new adapter gives zeros with and without dropout
            }
        }

        double Loss(int seed)
        {
            manual_seed(seed);
            return task.Loss(cases, TinyRun.Step(), new Dictionary<string, double>()).ToDouble();
        }

        Assert.Equal(Loss(1), Loss(1));
        Assert.NotEqual(Loss(1), Loss(2));
        networks.Packers.Train(false);
        Assert.NotEqual(Loss(1), Loss(2));   // that of the adapter alone
        networks.Train(false);
        Assert.Equal(Loss(1), Loss(2));
    }

    [Fact]
    public void Layers_that_are_run_again_train_the_same()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        var settings = TinyRun.Settings() with { BasePrecision = "int8", Lora = new() { Dropout = 0 } };
        var cases = TinyModel.Data(model).Cases;
        List<Tensor> Gradients(bool checkpointing)
        {
            var chosen = settings with { Checkpointing = checkpointing };
            var networks = FineTuneNetworks.Load(model, chosen, CPU);   // the task owns them
            networks.Packers.Train(false);
            using var task = new FineTuneTask(networks, chosen, CPU);
            task.Loss(cases, TinyRun.Step(), new Dictionary<string, double>()).backward();
            return [.. task.Trained.Select(item => item.Value.grad!.clone())];
        }

        Assert.All(Gradients(false).Zip(Gradients(true)), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void Overfits_four_phantoms_and_what_is_written_and_loaded_writes_their_reports()
    {
        var model = TinyModel.Write(_folder.Path("model"), withLanguage: false);
        var settings = TinyRun.Settings() with { TrainBase = true, Prompts = Prompt("Describe it.") };
        settings = settings with { Training = settings.Training with { Epochs = 300, CheckpointInterval = 1000 } };
        using var task = TinyRun.Task(model, settings);

        var losses = Run(task, TinyModel.Data(model), settings, "run");

        Assert.True(losses[0] > 5, $"{losses[0]}");
        Assert.True(losses[^1] < 0.1, $"{losses[^1]}");
        task.WriteModel(_folder.Path("out"));
        using var loaded = HSENetModel.Load(_folder.Path("out"), "cpu");
        foreach (var (input, item) in TinyModel.Studies())
        {
            var report = loaded.Generate(input, null, CancellationToken.None);
            Assert.Equal(ReportText.Clean(item.Findings!).Trim(), report.Findings);

            // ended by itself; a phantom's nodule above 30 mm is what a guard is to find
            var hasLarge = item.Details.Any(detail => detail.Label == ChestLabels.LungNodule && detail.SizeMm > 30);
            Assert.Equal(hasLarge ? FinishReason.Implausible : FinishReason.Stop, report.FinishReason);
        }
    }

    [Fact]
    public void What_is_written_generates_the_text_of_the_network_in_memory_and_the_other_task_stays_as_it_was()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        var data = TinyModel.Data(model);
        var studies = TinyModel.Studies();
        var settings = TinyRun.Settings() with { BasePrecision = "int8" };
        settings = settings with { Training = settings.Training with { Epochs = 12 } };
        using (var task = TinyRun.Task(model, settings))
        {
            Run(task, data, settings, "report");
            task.WriteModel(_folder.Path("report-model"));
            Assert.Equal(Written(task, settings, data, "Describe it."), Reports(_folder.Path("report-model"), studies));
        }

        var reporting = ModelDirectory.Open(_folder.Path("report-model"));
        Assert.Equal(["", "", "", "", "report"], reporting.Configuration.Weights.Select(file => file.Task));
        var asking = TinyRun.Settings(FineTuneTaskKind.Vqa) with { BasePrecision = "int8", Start = FineTuneStart.Model };
        asking = asking with { Training = asking.Training with { Epochs = 2 } };
        using (var task = TinyRun.Task(reporting, asking))
        {
            Run(task, new FineTuneSamples(data, FineTuneTaskKind.Vqa), asking, "vqa");
            task.WriteModel(_folder.Path("both"));
            using var loaded = HSENetModel.Load(_folder.Path("both"), "cpu", "int8");
            Assert.Equal(Written(task, asking, data, "Is there an effusion?"), studies.Select(study => loaded.Ask(study.Input, "Is there an effusion?", null, CancellationToken.None).Text));
        }

        Assert.Equal(Reports(_folder.Path("report-model"), studies), Reports(_folder.Path("both"), studies));
        var both = ModelDirectory.Open(_folder.Path("both"));
        Assert.Equal(["", "", "", "", "report", "vqa"], both.Configuration.Weights.Select(file => file.Task));
        Assert.Equal(PromptTemplates.Location, QuestionTemplates.Read(both.PathOf(both.Configuration.Prompt!.VqaTemplates!)));
        Assert.Null(both.Configuration.Warning);
    }

    [Fact]
    public void A_model_that_only_answers_says_so_in_every_report()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        using var task = TinyRun.Task(model, TinyRun.Settings(FineTuneTaskKind.Vqa));
        task.WriteModel(_folder.Path("out"));
        using var loaded = HSENetModel.Load(_folder.Path("out"), "cpu");
        Assert.Contains("not to write reports", loaded.Identity.Warning, StringComparison.Ordinal);
        Assert.Equal("finetune.out", Assert.Throws<TrainerException>(() => task.WriteModel(_folder.Path("model"))).Code);
    }

    [Fact]
    public void Stopped_and_resumed_run_ends_with_the_same_bits()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        var data = new FineTuneSamples(TinyModel.Data(model), FineTuneTaskKind.Vqa);
        var settings = TinyRun.Settings(FineTuneTaskKind.Vqa) with { BasePrecision = "int8", Checkpointing = true };
        settings = settings with { Training = settings.Training with { Epochs = 2 } };
        using var whole = TinyRun.Task(model, settings);
        var losses = Run(whole, data, settings, "whole");
        using var first = TinyRun.Task(model, settings);
        var begun = Run(first, data, settings, "parts", stopAfter: 3);
        using var second = TinyRun.Task(model, settings);
        var rest = Run(second, data, settings, "parts", resume: true);

        Assert.Equal(losses, begun.Concat(rest));
        Assert.All(whole.Trained.Zip(second.Trained), pair => Assert.True(pair.First.Value.equal(pair.Second.Value).all().item<bool>(), pair.First.Name));
    }

    [Fact]
    public void Nothing_is_left_of_a_step_and_a_study_goes_through_the_towers_once()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        using var task = TinyRun.Task(model, TinyRun.Settings() with { Checkpointing = true });
        var cases = TinyModel.Data(model).Cases;
        void Step()
        {
            using var scope = NewDisposeScope();
            task.Loss(cases, TinyRun.Step(), new Dictionary<string, double>()).backward();
            foreach (var (_, value) in task.Trained)
            {
                using var gradient = value.grad;
                value.grad = null;
            }
        }

        Step();
        var before = Tensor.TotalCount;
        for (var i = 0; i < 4; i++)
        {
            Step();
        }

        Assert.InRange(Tensor.TotalCount - before, -1000, 0);
        Assert.Equal(4, task.StudiesKept);
    }

    [Fact]
    public void Questions_for_a_place_come_from_the_templates_and_others_from_the_manifest()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        var texts = new FineTuneTexts(ReportTokenizerOf(model), TinyModel.VisualTokens, TinyRun.Settings(FineTuneTaskKind.Vqa), PromptTemplates.Location);
        var random = new Random(1);
        var asked = Enumerable.Range(0, 2000).Select(_ => texts.Ask(new("location", "Where is it?", "heart", "nodule"), random)).ToList();
        Assert.Equal(PromptTemplates.Location.Select(template => template.Replace("{abnormality}", "nodule", StringComparison.Ordinal)).Order(StringComparer.Ordinal), asked.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("Is there a nodule?", texts.Ask(new("presence", "Is there a nodule?", "yes", "nodule"), random));
        QuestionAnswer silent = new("presence", null, "yes", "nodule");
        Assert.False(FineTuneTexts.IsUsable(silent));   // "Where is the nodule?" is not answered with "yes"
        Assert.Throws<ArgumentException>(() => texts.Ask(silent, random));
        var study = TinyModel.Data(model).Cases[0];
        var samples = new FineTuneSamples(new TinyData([study with { Item = study.Item with { Questions = [silent, new("location", null, "heart", "nodule")] } }]), FineTuneTaskKind.Vqa);
        Assert.Equal("location", Assert.Single(samples.Item(0).Questions).Kind);
        Assert.Equal(1, samples.Count);
        Assert.Equal("How large?", texts.Ask(new("location", "How large?", "9 mm"), random));
    }

    [Fact]
    public void Report_is_the_cleaned_findings_and_the_impression_only_where_it_is_asked_for()
    {
        var item = new ManifestItem { Id = "a", Volume = "v", Findings = "A \"nodule\" (5 mm).", Impression = "Patient's nodule." };
        Assert.Equal("A nodule 5 mm.", FineTuneTexts.Report(item, ReportTarget.Findings));
        var both = FineTuneTexts.Report(item, ReportTarget.FindingsAndImpression)!;
        Assert.Equal(new ReportSections("A nodule 5 mm.", "Patients nodule."), ReportSections.Split(both));
        Assert.Equal("A nodule 5 mm.", FineTuneTexts.Report(item with { Impression = null }, ReportTarget.FindingsAndImpression));
        Assert.Null(FineTuneTexts.Report(item with { Findings = " " }, ReportTarget.FindingsAndImpression));
    }

    [Fact]
    public void What_cannot_be_learned_from_is_named()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        using var task = TinyRun.Task(model, TinyRun.Settings());
        var good = TinyModel.Data(model).Cases[0];
        void Refused(string code, TrainingCase bad)
        {
            var e = Assert.Throws<TrainerException>(() => task.Loss([bad], TinyRun.Step(), new Dictionary<string, double>()));
            Assert.Equal(code, e.Code);
            Assert.Contains("case-7", e.Message, StringComparison.Ordinal);
        }

        var item = good.Item with { Id = "case-7" };
        Refused("data.text", good with { Item = item with { Findings = null } });
        Refused("data.features", good with { Item = item, SliceFeatures = null });
        Refused("data.volume", good with { Item = item, Volume = good.Volume[1..] });
        Assert.Equal("data.text", Assert.Throws<TrainerException>(() => new FineTuneSamples(new TinyData([good with { Item = item with { Findings = null } }]), FineTuneTaskKind.Report)).Code);
        using var shortTask = TinyRun.Task(model, TinyRun.Settings() with { Length = TinyModel.VisualTokens + 3 });
        Assert.Equal("data.text", Assert.Throws<TrainerException>(() => shortTask.Loss([good], TinyRun.Step(), new Dictionary<string, double>())).Code);
    }

    [Fact]
    public void Settings_that_would_spoil_the_other_adapter_are_refused()
    {
        var model = TinyModel.Write(_folder.Path("model"));
        using (var task = TinyRun.Task(model, TinyRun.Settings()))
        {
            task.WriteModel(_folder.Path("out"));
        }

        var reporting = ModelDirectory.Open(_folder.Path("out"));
        string Code(FineTuneSettings settings) => Assert.Throws<TrainerException>(() => FineTuneNetworks.Load(reporting, settings, CPU)).Code;
        var asking = TinyRun.Settings(FineTuneTaskKind.Vqa);
        Assert.Equal("settings.lora", Code(asking with { Lora = new() { Rank = 8 } }));
        Assert.Equal("settings.base", Code(asking with { TrainBase = true }));
        Assert.Equal("settings.start", Assert.Throws<TrainerException>(() => FineTuneNetworks.Load(model, asking with { Start = FineTuneStart.Model }, CPU)).Code);
        Assert.Equal("settings.range", Assert.Throws<TrainerException>(() => (asking with { Target = ReportTarget.FindingsAndImpression }).Validated()).Code);
        Assert.Equal("settings.range", Assert.Throws<TrainerException>(() => (asking with { BasePrecision = "int4" }).Validated()).Code);
    }

    [Fact]
    public void Presets_carry_the_published_numbers()
    {
        var (report, vqa) = (FineTunePresets.Find("report-ct-rate")!.Validated(), FineTunePresets.Find("vqa-radgenome")!.Validated());
        Assert.Equal(FineTunePresets.Find("report-bimcv-r"), report);
        Assert.Equal((6, 16, 1e-4, 0.0, 800), (report.Training.Epochs, report.Training.Batch, report.Training.LearningRate, report.Training.WeightDecay, report.Length));
        Assert.Equal((4, 40, 5e-5, 0.0, 330), (vqa.Training.Epochs, vqa.Training.Batch, vqa.Training.LearningRate, vqa.Training.WeightDecay, vqa.Length));
        Assert.Equal((0.04, 0), (report.Validation.Share, report.Validation.Items));   // every 4 %, all
        Assert.Equal((0.04, 1024), (vqa.Validation.Share, vqa.Validation.Items));
        foreach (var preset in new[] { report, vqa })
        {
            Assert.Equal((0.9, 0.999, 1e-8, 1.0, 0.03, 42), (preset.Training.Beta1, preset.Training.Beta2, preset.Training.Epsilon, preset.Training.ClipNorm, preset.Training.WarmupShare, preset.Training.Seed));
            Assert.Equal((16, 32.0, 0.05), (preset.Lora.Rank, preset.Lora.Alpha, preset.Lora.Dropout));
            Assert.Equal(("int8", false, false, FineTuneStart.Fresh), (preset.BasePrecision, preset.TrainBase, preset.Checkpointing, preset.Start));
            var changes = preset.Augmentation;   // hsenet.md 3.6
            Assert.Equal((0.5, 0.1, 0.1, 0.1), (changes.Rotate, changes.FlipDepth, changes.FlipAxis1, changes.FlipAxis2));
            Assert.Equal((0.5, 0.1, 0.5, 0.1), (changes.Scale, changes.ScaleRange, changes.Shift, changes.ShiftRange));
            Assert.Equal((false, (0, 0, 0), 0f), (changes.KeepSides, changes.MoveVoxels, changes.NoiseDeviation));
        }

        Assert.All(FineTunePresets.Names, name => FineTunePresets.Find(name)!.Validated());
    }

    private static (string Asked, string Answer) Question(TrainingCase sample, FineTuneTask task, Random random)
    {
        // the draws of the task: which of one question (above), then the template where one is needed
        var question = Assert.Single(sample.Item.Questions);
        return (question.Kind == "location" ? task.Templates[random.Next(task.Templates.Count)].Replace("{abnormality}", question.Abnormality, StringComparison.Ordinal) : question.Question!, question.Answer);
    }

    private static ITokenizer ReportTokenizerOf(ModelDirectory model) => ReportTokenizer.Open(model);

    private static List<string> Reports(string directory, IEnumerable<(CtInput Input, ManifestItem Item)> studies)
    {
        using var loaded = HSENetModel.Load(directory, "cpu", "int8");
        return [.. studies.Select(study => loaded.Generate(study.Input, null, CancellationToken.None).Findings)];
    }

    /// <summary>What the networks of a task write as they are in memory.</summary>
    private static List<string> Written(FineTuneTask task, FineTuneSettings settings, TinyData data, string asked)
    {
        using var quiet = inference_mode();
        var networks = task.Networks;
        networks.Train(false);
        var generator = new ReportGenerator(networks.Language, networks.Tokenizer, TimeProvider.System);
        var prompt = ReportPrompt.Build(networks.Tokenizer, networks.Packers.VisualTokens, asked);
        var section = networks.Configuration.Generation!;
        var options = settings.Task == FineTuneTaskKind.Report ? section.ToOptions(isGpu: false) : section.ToAnswerOptions(isGpu: false);
        return [.. data.Cases.Select(study =>
        {
            var text = generator.Generate(prompt, task.VisualTokens([study]), options, null, CancellationToken.None).Text;
            return settings.Task == FineTuneTaskKind.Report ? ReportSections.Split(text).Findings : text.Trim();
        })];
    }

    private string Prompt(string text)
    {
        File.WriteAllText(_folder.Path("prompt.txt"), text + "\n");
        return _folder.Path("prompt.txt");
    }

    private List<double> Run(FineTuneTask task, ITrainingData data, FineTuneSettings settings, string name, bool resume = false, int? stopAfter = null)
    {
        using var losses = new LossList(stopAfter);
        var batches = new BatchLoader(data, new() { Batch = settings.Training.Batch, Seed = settings.Training.Seed, Workers = 1 });
        var loop = new TrainingLoop(task, batches, settings.Training, new SingleProcess(), new CheckpointStore(_folder.Path(name))) { Observers = [losses] };
        loop.Run(resume, losses.Stop);
        return losses.Losses;
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }
}
