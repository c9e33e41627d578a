using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Language;
using HSENet.Model.Text;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>
/// Goes on with the language side of a written model, on other phantoms: the words that tell a place weigh more, since a report that is fluent and names
/// the wrong side costs the plain loss little. Reads everything from the directory, so that it can also be run on its own.
/// </summary>
internal static class SecondRound
{
    /// <summary>Of a word that tells a place, in the loss.</summary>
    private const double PlaceWeight = 6;

    private static readonly HashSet<string> s_places = new(StringComparer.OrdinalIgnoreCase) { "right", "left", "both", "bilateral", "sides", "upper", "lower", "middle" };

    /// <param name="directory">The model directory; its language model and adapters are replaced.</param>
    /// <param name="settings">Of the run.</param>
    /// <param name="seconds">Gets the seconds of each stage.</param>
    /// <param name="log">Progress.</param>
    public static void Run(string directory, DemoSettings settings, IDictionary<string, double> seconds, TextWriter log)
    {
        random.manual_seed(settings.Seed + 1);
        set_num_threads(1);
        var model = ModelDirectory.Open(directory);
        var configuration = model.Configuration;
        using var network = new ReportNetwork(configuration);
        network.LoadWeights(model);
        network.Language.Use(null);
        var clock = TimeProvider.System.GetTimestamp();
        var cases = new DemoCorpus(configuration).Draw(settings.SecondCases, settings.CorpusSeed - 1, mixed: true);
        var features = PatchFeatures.Of(cases, network.Visual);
        seconds["second round, phantoms and features"] = TimeProvider.System.GetElapsedTime(clock).TotalSeconds;
        log.WriteLine($"second round, {cases.Length} phantoms and features {seconds["second round, phantoms and features"]:F0} s");
        log.Flush();

        using var report = new LoraAdapter(network.Language.Config, network.Language.Config.Lora!);
        using var answer = new LoraAdapter(network.Language.Config, network.Language.Config.Lora!);
        using var answerPackers = new PackerPair(configuration);
        var tokenizer = ReportTokenizer.Open(model);
        using var stage = new LanguageStage(network.Language, tokenizer, network.Visual.Packer!, configuration.Prompt!.Report)
        {
            Cases = cases,
            Features = features,
            WordWeights = Weights(tokenizer),
        };
        var rounds = new LanguageRounds(network, report, answer, answerPackers, stage);
        rounds.Train("second round, ", (settings.SecondLanguagePasses, settings.SecondReportPasses, settings.SecondAnswerPasses), settings.LanguageRate, (ulong)settings.Seed + 100, seconds, log);
        Write(directory, network, report, answer, answerPackers);
    }

    /// <returns>[vocabulary]</returns>
    private static Tensor Weights(ITokenizer tokenizer) => tensor(Enumerable.Range(0, tokenizer.VocabularySize)
        .Select(id => s_places.Contains(tokenizer.Decode([id]).Trim()) ? (float)PlaceWeight : 1f).ToArray()).DetachFromDisposeScope();

    private static void Write(string directory, ReportNetwork network, LoraAdapter report, LoraAdapter answer, PackerPair answerPackers)
    {
        DemoWriter.WriteLanguage(directory, network, report, answer, answerPackers);
        var path = Path.Combine(directory, ModelDirectory.ConfigurationFile);
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        DemoWriter.WriteConfiguration(directory, json);
    }
}
