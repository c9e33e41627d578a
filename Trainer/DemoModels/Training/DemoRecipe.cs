using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Language;
using HSENet.Model.Runtime;
using HSENet.Model.Text;
using HSENet.Model.Vision;
using HSENet.Trainer.Tokenizers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>
/// Trains the demonstration model the way HSENet is trained: slice encoder on slices, stage 1, stage 2 with stage 1 as its teacher, then the language model with
/// packers (what Phi brings from elsewhere), and over it, frozen, packers and low-rank matrices for reports and for answers. Same seed, same bytes.
/// </summary>
internal sealed class DemoRecipe : IDisposable
{
    private const int Bytes = 256;
    private const int AddedTokens = 2;
    private const int MostTokens = 768;
    private const double EmbeddingDeviation = 0.02;
    private const double FirstScale = 10;

    private readonly DemoSettings _settings;
    private readonly TextWriter _log;
    private readonly List<IDisposable> _owned = [];

    public DemoRecipe(DemoSettings settings, TextWriter log, Func<DemoCorpus, DemoSettings, DemoCase[]>? draw = null)
    {
        (_settings, _log) = (settings, log);
        random.manual_seed(settings.Seed);
        set_num_threads(1);
        var sizes = TrainedConfiguration.Parse(TrainedConfiguration.Make(1, MostTokens, 0));
        Cases = Timed("phantoms", () => (draw ?? ((corpus, s) => corpus.Draw(s.Cases, s.CorpusSeed, mixed: true)))(new DemoCorpus(sizes), settings));
        Scaling = InputScaling.Of(Cases);
        Pieces = WordPieceVocabulary.Of(Cases.Select(item => item.Item.Findings!));
        var texts = Cases.Take(1000).SelectMany(item => item.Item.Questions.SelectMany(question => new[] { $"{question.Question} {question.Answer}" }).Append($"{sizes.Prompt!.Report} {item.Item.Findings}"));
        Tokens = BpeTrainer.Train(texts, WordSplit.Gpt2, MostTokens - Bytes - AddedTokens, ReportPrompt.BeginToken, ReportPrompt.PlaceholderToken);
        Json = TrainedConfiguration.Make(Pieces.Count, Tokens.Tokens.Count + Tokens.Added.Count, Tokens.Added[ReportPrompt.BeginToken]);
        Configuration = TrainedConfiguration.Parse(Json);
        Network = Own(new ReportNetwork(Configuration));
        nn.init.normal_(Network.Language.state_dict()["model.embed_tokens.weight"], 0, EmbeddingDeviation);
        Stage1 = Own(new ClipModel(Tower, null, Configuration.Text!.ToConfig()));
        Stage2 = Own(new ClipModel(Tower, PatchGuide.Slices, Configuration.Text!.ToConfig()));
        ReportAdapter = Own(new LoraAdapter(Network.Language.Config, Network.Language.Config.Lora!));
        AnswerAdapter = Own(new LoraAdapter(Network.Language.Config, Network.Language.Config.Lora!));
        AnswerPackers = Own(new PackerPair(Configuration));
    }

    public DemoCase[] Cases { get; }

    public InputScaling Scaling { get; }

    public IReadOnlyList<string> Pieces { get; }

    public BpeVocabulary Tokens { get; }

    public JsonObject Json { get; }

    public ModelConfiguration Configuration { get; }

    /// <summary>Its towers are not trained: those of the two stages are.</summary>
    public ReportNetwork Network { get; }

    public ClipModel Stage1 { get; }

    public ClipModel Stage2 { get; }

    public LoraAdapter ReportAdapter { get; }

    public LoraAdapter AnswerAdapter { get; }

    public PackerPair AnswerPackers { get; }

    /// <summary>Seconds of each stage.</summary>
    public Dictionary<string, double> Seconds { get; } = new(StringComparer.Ordinal);

    private Vit3DConfig Tower => Network.Visual.Tower;

    public void Train()
    {
        var seed = (ulong)_settings.Seed;
        var slices = new SliceStage(Network.Visual.SliceEncoder!, Configuration.Slices!.Count);
        Seconds["slice encoder"] = slices.Train(Cases, _settings.SliceEncoderPasses, seed + 10, _log);
        var features = Timed("slice features", () => slices.Features(Cases));
        using var contrast = new ContrastiveStage(Tower, Scaling, WordPieceVocabulary.Tokenizer(Pieces)) { Rate = _settings.Rate };
        SetScale(Stage1);
        Seconds["stage 1"] = contrast.Train("stage 1", Stage1, Cases, null, null, _settings.Stage1Passes, seed + 20, _log);
        ContrastiveStage.Begin(Stage2, Stage1);
        Seconds["stage 2"] = contrast.Train("stage 2", Stage2, Cases, features, Stage1, _settings.Stage2Passes, seed + 30, _log);
        TrainLanguage(Timed("patch features", () => PatchFeatures.Of(Cases, features, Stage1, Stage2, contrast, Scaling, Tower)), seed);
        Fold(Stage1);
        Fold(Stage2);
    }

    public void Dispose()
    {
        foreach (var part in _owned)
        {
            part.Dispose();
        }
    }

    private void TrainLanguage(PatchFeatures features, ulong seed)
    {
        using var stage = new LanguageStage(Network.Language, new BpeTokenizer(Tokens, WordSplit.Gpt2), Network.Visual.Packer!, Configuration.Prompt!.Report) { Cases = Cases, Features = features };
        new LanguageRounds(Network, ReportAdapter, AnswerAdapter, AnswerPackers, stage)
            .Train("", (_settings.LanguagePasses, _settings.ReportPasses, _settings.AnswerPasses), _settings.LanguageRate, seed, Seconds, _log);
    }

    private static void SetScale(ClipModel model)
    {
        using var quiet = no_grad();
        model.LogitScale.Fill(FirstScale);
    }

    private void Fold(ClipModel model) => Scaling.Fold(PatchFeatures.Tower<nn.Module>(model).state_dict(), Tower);

    private T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }

    private T Timed<T>(string name, Func<T> work)
    {
        var start = TimeProvider.System.GetTimestamp();
        var result = work();
        Seconds[name] = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        _log.WriteLine($"{name} {Seconds[name]:F0} s");
        _log.Flush();
        return result;
    }
}
