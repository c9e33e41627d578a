using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Generation;
using HSENet.Model.Language;
using HSENet.Model.Text;
using HSENet.Model.Weights;
using HSENet.Trainer.DemoModels.Training;
using HSENet.Trainer.Evaluation.Text;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.Ablations;

/// <summary>
/// Trains packers from random numbers and low-rank matrices over the frozen language model of the directory, on the frozen towers of the seed, to write reports;
/// then lets them write about held-out phantoms.
/// </summary>
internal static class ReportArm
{
    public static ArmResult Run(AblationSeed seed, AblationArm arm, ModelDirectory model, AblationSettings settings, TextWriter log)
    {
        var (training, heldOut) = seed.PatchFeatures;
        var start = TimeProvider.System.GetTimestamp();
        var variant = arm.Report!;
        var grid = seed.Tower.Grid;
        var configuration = seed.Configuration with
        {
            Vision = seed.Configuration.Vision! with { Towers = variant.Towers },
            Packer = new()
            {
                Kind = Name(variant), Points = [grid.D / variant.Window.D, grid.H / variant.Window.H, grid.W / variant.Window.W], Out = seed.Configuration.Language!.HiddenSize,
            },
        };
        using var language = new PhiLanguageModel(configuration.Language!);
        WeightLoader.Load([new LanguageWeights(model, "fp32").For(language)]);
        foreach (var value in language.parameters())
        {
            value.requires_grad = false;
        }

        random.manual_seed(seed.Seed);
        using var packers = new PackerPair(configuration);
        using var adapter = new LoraAdapter(language.Config, new LoraConfig(settings.LoraRank, 2 * settings.LoraRank));
        language.Use(adapter);
        var tokenizer = ReportTokenizer.Open(model);
        var prompt = configuration.Prompt!.Report;
        using (var stage = new LanguageStage(language, tokenizer, configuration.Packer!.ToConfig(seed.Tower), prompt) { Cases = seed.Cases, Features = training, WindowWeight = 0 })
        {
            IEnumerable<Parameter> trained = [.. packers.Parameters.Select(item => item.Value), .. adapter.parameters()];
            stage.Train($"seed {seed.Seed}: {arm.Id}", packers.Pack, trained, settings.ReportRate, true, false, settings.ReportPasses, (ulong)seed.Seed + 50, log);
        }

        var texts = Write(language, tokenizer, packers, ReportPrompt.Build(tokenizer, packers.VisualTokens, prompt), configuration.Generation!, heldOut, settings.Reports);
        var items = seed.HeldOut[..settings.Reports].Select(item => item.Item).ToArray();
        var findings = texts.Select(text => ReportSections.Split(text.Text).Findings).ToArray();
        var told = DemoCheck.Score(items, findings);
        var scores = TextScorer.Score([.. findings.Zip(items, (text, item) => (text, item.Findings!))], null);
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal)
        {
            [MetricNames.LabelMicroF1] = told["labels.micro-F1"],
            [MetricNames.LabelMacroF1] = told["labels.macro-F1"],
            [MetricNames.LabelMicroF1Swapped] = told["labels.micro-F1 swapped image"],
            [MetricNames.SidesRight] = told["sides.right"],
            [MetricNames.HSENetBleu4] = scores.HSENetBleu[3],
            [MetricNames.RougeL] = scores.RougeL,
            [MetricNames.Complete] = texts.Average(text => text.FinishReason == FinishReason.Stop ? 1.0 : 0),
            [MetricNames.VisualTokens] = packers.VisualTokens,
        };
        return new(
            arm.Id, seed.Seed, TimeProvider.System.GetElapsedTime(start).TotalSeconds, metrics,
            items.Zip(findings).ToDictionary(pair => pair.First.Id, pair => pair.Second), new Dictionary<string, IReadOnlyList<int>>());
    }

    private static GeneratedText[] Write(
        PhiLanguageModel language, ITokenizer tokenizer, PackerPair packers, ReportPrompt prompt, GenerationSection limits, PatchFeatures features, int count)
    {
        using var quiet = no_grad();
        var generator = new ReportGenerator(language, tokenizer, TimeProvider.System);
        var options = limits.ToOptions(isGpu: false) with { TimeLimit = TimeSpan.FromDays(1) };      // a slow machine must not shorten a text
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            using var scope = NewDisposeScope();
            var (global, local) = features.Batch([i]);
            return generator.Generate(prompt, packers.Pack(global, local), options, null, CancellationToken.None);
        })];
    }

    private static string Name(ReportVariant variant) => variant.Packer switch
    {
        Model.Vision.PackerKind.SpatialPooling => "spatial-pooling",
        Model.Vision.PackerKind.SequencePooling => "sequence-pooling",
        Model.Vision.PackerKind.QFormer => "q-former",
        _ => "spatial-packer",
    };
}
