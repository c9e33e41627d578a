using HSENet.Model.Configuration;
using HSENet.Model.Language;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>The modules that turn a volume and its slices into text: slice encoder, two towers, two packers, language model.</summary>
internal sealed class ReportNetwork : IDisposable
{
    /// <summary>Builds the modules from their sizes; the weights are not loaded yet.</summary>
    /// <exception cref="HSENetModelException"><c>model.incomplete</c> or <c>model.unsupported</c>: names the part.</exception>
    public ReportNetwork(ModelConfiguration configuration)
    {
        var language = ModelConfiguration.Need(configuration.Language, "language");
        Support(language.Lora is null, "language: no adapter");
        Support(
            configuration.Vision?.PatchGuide is not (PatchGuide.Text or PatchGuide.TextCls) || !configuration.Vision.HasLocal,
            "vision.guide: reports are written from the volume alone, so only slices or none");
        Visual = new VisualNetwork(configuration, VisualNetwork.ForReports(configuration));
        Language = new PhiLanguageModel(language);
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
    /// <exception cref="HSENetModelException"><c>model.incomplete</c>: a part has no weights; or as <see cref="WeightLoader.Load"/>.</exception>
    public void LoadWeights(ModelDirectory directory)
    {
        var visual = new VisualWeights(directory).For(Visual);
        var files = directory.Configuration.Weights.Where(file => file.Role == WeightRoles.LanguageModel)
            .Select(file => new WeightFile(directory.PathOf(file.Path), file.Prefix)).ToList();
        if (files.Count == 0)
        {
            throw new HSENetModelException("model.incomplete", "The model directory does not have the part 'weights of the role language-model'.");
        }

        WeightLoader.Load([.. visual, new WeightPart(WeightRoles.LanguageModel, files, Language.state_dict())]);
    }

    public void MoveTo(Device device)
    {
        Visual.MoveTo(device);
        Language.to(device);
    }

    /// <param name="volume">[1, 1, D, H, W], values 0..1</param>
    /// <param name="slices">[S, 3, image, image], normalised; null where no tower is guided by slices</param>
    /// <param name="cancellationToken">Looked at between batches of slices and between the parts.</param>
    public VisualEncoding Encode(Tensor volume, Tensor? slices, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var features = slices is null ? null : Visual.SliceEncoder?.EncodeVolume(slices, cancellationToken);   // [1, S, hidden]
        var towers = Visual.EncodeTowers(volume, features, null, cancellationToken);               // [1, 1 + N, hidden] each, [1, N]
        cancellationToken.ThrowIfCancellationRequested();
        var tokens = Visual.Pack(
            towers.Global is null ? null : VisionTokens.Patches(towers.Global),
            towers.Local is null ? null : VisionTokens.Patches(towers.Local))!;                    // [1, tokens, out]
        var scores = towers.PatchScores ?? ones(1, Visual.Tower.Tokens, device: volume.device);    // [1, N]
        return new VisualEncoding(tokens.MoveToOuterDisposeScope(), scores.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        Visual.Dispose();
        Language.Dispose();
    }

    private static void Support(bool holds, string what)
    {
        if (!holds)
        {
            throw new HSENetModelException("model.unsupported", $"{what} is supported.");
        }
    }
}
