using HSENet.Model.Configuration;
using HSENet.Model.Language;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>
/// The modules that turn a volume and its slices into text: slice encoder, towers, packers, language model, and the adapters of the tasks. Reports
/// and answers share towers and language model; each task has packers and low-rank matrices of its own where the directory has them.
/// </summary>
internal sealed class ReportNetwork : IDisposable
{
    private LoraAdapter? _reportAdapter;   // that of the questions, when there is no other
    private LoraAdapter? _answerAdapter;
    private PackerPair? _answerPackers;

    /// <summary>Builds the modules from their sizes; the weights are not loaded yet.</summary>
    /// <param name="configuration">Sizes.</param>
    /// <param name="storage">Of the language model's weights; null: float32, initialised.</param>
    /// <exception cref="HSENetModelException"><c>model.incomplete</c> or <c>model.unsupported</c>: names the part.</exception>
    public ReportNetwork(ModelConfiguration configuration, WeightStorage? storage = null)
    {
        var language = ModelConfiguration.Need(configuration.Language, "language");
        Support(
            configuration.Vision?.PatchGuide is not (PatchGuide.Text or PatchGuide.TextCls) || !configuration.Vision.HasLocal,
            "vision.guide: reports are written from the volume alone, so only slices or none");
        Visual = new VisualNetwork(configuration, VisualNetwork.ForReports(configuration));
        Language = new PhiLanguageModel(language, storage);
    }

    /// <summary>Towers, packers and slice encoder.</summary>
    public VisualNetwork Visual { get; }

    public PhiLanguageModel Language { get; }

    /// <summary>Patches along each axis.</summary>
    public (int D, int H, int W) Grid => Visual.Tower.Grid;

    /// <summary>Visual tokens of a volume, both towers together.</summary>
    public int VisualTokens => Visual.VisualTokens;

    /// <summary>The tensors of one role by their published names.</summary>
    /// <exception cref="HSENetModelException"><c>model.unsupported</c>: weights of that role are not used.</exception>
    public IReadOnlyDictionary<string, Tensor> Targets(string role) => role switch
    {
        WeightRoles.VisionStage1 when Visual.GlobalTower is { } tower => tower.state_dict(),
        WeightRoles.VisionStage2 when Visual.LocalTower is { } tower => tower.state_dict(),
        WeightRoles.Packers => VisualWeights.PackerTargets(Visual),
        WeightRoles.SliceEncoder when Visual.SliceEncoder is { } encoder => encoder.state_dict(),
        WeightRoles.LanguageModel => Language.state_dict(),
        _ => throw new HSENetModelException("model.unsupported", $"Weights of the role '{role}' are not supported."),
    };

    /// <summary>Loads every part from the directory's files; all or nothing.</summary>
    /// <param name="directory">The model directory.</param>
    /// <param name="weights">Its language model; null: as its file has it.</param>
    /// <exception cref="HSENetModelException"><c>model.incomplete</c>: a part has no weights; or as <see cref="WeightLoader.Load"/>.</exception>
    public void LoadWeights(ModelDirectory directory, LanguageWeights? weights = null)
    {
        var parts = new List<WeightPart>(new VisualWeights(directory).For(Visual)) { (weights ?? new LanguageWeights(directory, "auto")).For(Language) };
        var isQuestionsOnly = WeightTasks.IsQuestionsOnly(directory.Configuration.Weights);
        var (main, answer) = (new AdapterWeights(directory, isQuestionsOnly ? WeightTasks.Question : WeightTasks.Report), new AdapterWeights(directory, WeightTasks.Question));
        if (main.Lora(Language.Config) is var (adapter, part))
        {
            _reportAdapter = adapter;
            parts.Add(part);
        }

        if (answer.Any && !isQuestionsOnly)
        {
            _answerPackers = new PackerPair(directory.Configuration);
            parts.Add(answer.Packers(_answerPackers.Targets()));
            if (answer.Lora(Language.Config) is var (own, ownPart))
            {
                _answerAdapter = own;
                parts.Add(ownPart);
            }
        }

        WeightLoader.Load(parts);
        Prepare(isQuestion: false);
    }

    public void MoveTo(Device device)
    {
        Visual.MoveTo(device);
        Language.to(device);
        _reportAdapter?.to(device);
        _answerAdapter?.to(device);
        _answerPackers?.MoveTo(device);
    }

    /// <summary>Puts the adapter of a task in place; the other stays in memory.</summary>
    /// <param name="isQuestion">False: reports.</param>
    public void Prepare(bool isQuestion)
    {
        var adapter = isQuestion && _answerPackers is not null ? _answerAdapter : _reportAdapter;
        if (Language.Adapter != adapter)
        {
            Language.Use(adapter);
        }
    }

    /// <param name="volume">[1, 1, D, H, W], values 0..1</param>
    /// <param name="slices">[S, 3, image, image], normalised; null where no tower is guided by slices</param>
    /// <param name="cancellationToken">Looked at between batches of slices and between the parts.</param>
    /// <param name="isQuestion">True: with the packers that answer questions, where there are such.</param>
    public VisualEncoding Encode(Tensor volume, Tensor? slices, CancellationToken cancellationToken, bool isQuestion = false)
    {
        using var scope = NewDisposeScope();
        var features = slices is null ? null : Visual.SliceEncoder?.EncodeVolume(slices, cancellationToken);   // [1, S, hidden]
        var encoding = EncodeFeatures(volume, features, cancellationToken, isQuestion);
        return new VisualEncoding(encoding.Tokens.MoveToOuterDisposeScope(), encoding.PatchScores?.MoveToOuterDisposeScope());
    }

    /// <param name="volume">[1, 1, D, H, W], values 0..1</param>
    /// <param name="features">[1, S, hidden] of the slice encoder; null where no tower is guided by slices</param>
    /// <param name="cancellationToken">Looked at between the parts.</param>
    /// <param name="isQuestion">As <see cref="Encode"/>.</param>
    public VisualEncoding EncodeFeatures(Tensor volume, Tensor? features, CancellationToken cancellationToken, bool isQuestion = false)
    {
        using var scope = NewDisposeScope();
        var towers = Visual.EncodeTowers(volume, features, null, cancellationToken);               // [1, 1 + N, hidden] each, [1, N]
        cancellationToken.ThrowIfCancellationRequested();
        var whole = towers.Global is null ? null : VisionTokens.Patches(towers.Global);            // [1, N, hidden]
        var guided = towers.Local is null ? null : VisionTokens.Patches(towers.Local);             // [1, N, hidden]
        var tokens = isQuestion && _answerPackers is not null ? _answerPackers.Pack(whole, guided) : Visual.Pack(whole, guided)!;   // [1, tokens, out]
        return new VisualEncoding(tokens.MoveToOuterDisposeScope(), towers.PatchScores?.MoveToOuterDisposeScope());   // [1, tokens, out], [1, N]
    }

    public void Dispose()
    {
        Visual.Dispose();
        Language.Dispose();
        _reportAdapter?.Dispose();
        _answerAdapter?.Dispose();
        _answerPackers?.Dispose();
    }

    private static void Support(bool holds, string what)
    {
        if (!holds)
        {
            throw new HSENetModelException("model.unsupported", $"{what} is supported.");
        }
    }
}
