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
internal static class FurtherRound
{
    /// <summary>Of a word that tells a place, in the loss.</summary>
    private const float PlaceWeight = 6;

    /// <summary>What the rounds differ in: the weight of yes and no, and that of the loss that asks each visual token for its kinds.</summary>
    private static readonly (float Answer, double Window)[] s_rounds = [(1, 1), (3, 0.2)];

    private static readonly HashSet<string> s_answers = new(StringComparer.OrdinalIgnoreCase) { "yes", "no" };
    private static readonly HashSet<string> s_places = new(StringComparer.OrdinalIgnoreCase) { "right", "left", "both", "bilateral", "sides", "upper", "lower", "middle" };

    /// <summary>How many there are after the first.</summary>
    public static int Count => s_rounds.Length;

    /// <param name="round">From 1.</param>
    /// <param name="directory">The model directory; its language model and adapters are replaced.</param>
    /// <param name="settings">Of the run.</param>
    /// <param name="seconds">Gets the seconds of each stage.</param>
    /// <param name="log">Progress.</param>
    public static void Run(int round, string directory, DemoSettings settings, IDictionary<string, double> seconds, TextWriter log)
    {
        var (name, (answerWeight, windowWeight)) = ($"round {round + 1}, ", s_rounds[round - 1]);
        random.manual_seed(settings.Seed + round);
        set_num_threads(1);
        var model = ModelDirectory.Open(directory);
        var configuration = model.Configuration;
        using var network = new ReportNetwork(configuration);
        network.LoadWeights(model);
        network.Language.Use(null);
        var clock = TimeProvider.System.GetTimestamp();
        var cases = new DemoCorpus(configuration).Draw(settings.FurtherCases, settings.CorpusSeed - round, mixed: true);
        var features = PatchFeatures.Of(cases, network.Visual);
        seconds[name + "phantoms and features"] = TimeProvider.System.GetElapsedTime(clock).TotalSeconds;
        log.WriteLine($"{name}{cases.Length} phantoms and features {seconds[name + "phantoms and features"]:F0} s");
        log.Flush();

        using var report = new LoraAdapter(network.Language.Config, network.Language.Config.Lora!);
        using var answer = new LoraAdapter(network.Language.Config, network.Language.Config.Lora!);
        using var answerPackers = new PackerPair(configuration);
        var tokenizer = ReportTokenizer.Open(model);
        using var stage = new LanguageStage(network.Language, tokenizer, network.Visual.Packer!, configuration.Prompt!.Report)
        {
            Cases = cases,
            Features = features,
            WordWeights = Weights(tokenizer, answerWeight),
            WindowWeight = windowWeight,
        };
        var rounds = new LanguageRounds(network, report, answer, answerPackers, stage);
        rounds.Train(name, (settings.FurtherLanguagePasses, settings.FurtherReportPasses, settings.FurtherAnswerPasses), settings.LanguageRate, (ulong)(settings.Seed + (100 * round)), seconds, log);
        Write(directory, network, report, answer, answerPackers);
    }

    /// <returns>[vocabulary]</returns>
    private static Tensor Weights(ITokenizer tokenizer, float answer) => tensor(Enumerable.Range(0, tokenizer.VocabularySize)
        .Select(id => tokenizer.Decode([id]).Trim())
        .Select(word => s_places.Contains(word) ? PlaceWeight : s_answers.Contains(word) ? answer : 1f).ToArray()).DetachFromDisposeScope();

    private static void Write(string directory, ReportNetwork network, LoraAdapter report, LoraAdapter answer, PackerPair answerPackers)
    {
        DemoWriter.WriteLanguage(directory, network, report, answer, answerPackers);
        var path = Path.Combine(directory, ModelDirectory.ConfigurationFile);
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        DemoWriter.WriteConfiguration(directory, json);
    }
}
