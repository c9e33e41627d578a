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
    private readonly VisionEncoder3D _globalTower;
    private readonly SliceGuidedEncoder3D _localTower;
    private readonly SpatialPacker _globalPacker;
    private readonly SpatialPacker _localPacker;

    /// <summary>Builds the modules from their sizes; the weights are not loaded yet.</summary>
    /// <exception cref="HSENetModelException"><c>model.incomplete</c> or <c>model.unsupported</c>: names the part.</exception>
    public ReportNetwork(ModelConfiguration configuration)
    {
        var vision = ModelConfiguration.Need(configuration.Vision, "vision");
        var packer = ModelConfiguration.Need(configuration.Packer, "packer");
        var slices = ModelConfiguration.Need(configuration.Slices, "slices");
        var encoder = ModelConfiguration.Need(slices.Encoder, "slices.encoder");
        var language = ModelConfiguration.Need(configuration.Language, "language");
        Support(vision.Towers == "both" && vision.Guide == "slices", "vision: only both towers with slices as the guide");
        Support(packer.Kind == "spatial-packer", "packer: only spatial-packer");
        Support(language.Lora is null, "language: no adapter");

        var tower = vision.ToConfig();
        SliceEncoder = new SliceEncoder2D(encoder.ToConfig(slices.Width));
        _globalTower = new VisionEncoder3D(tower);
        _localTower = new SliceGuidedEncoder3D(tower);
        _globalPacker = new SpatialPacker(packer.ToConfig(tower));
        _localPacker = new SpatialPacker(packer.ToConfig(tower));
        Language = new PhiLanguageModel(language);
    }

    public SliceEncoder2D SliceEncoder { get; }

    public PhiLanguageModel Language { get; }

    /// <summary>Patches along each axis.</summary>
    public (int D, int H, int W) Grid => _localTower.Config.Grid;

    /// <summary>Visual tokens of a volume, both towers together.</summary>
    public int VisualTokens => _globalPacker.Config.Tokens + _localPacker.Config.Tokens;

    /// <summary>The tensors of one role by their published names.</summary>
    /// <exception cref="HSENetModelException"><c>model.unsupported</c>: weights of that role are not used.</exception>
    public IReadOnlyDictionary<string, Tensor> Targets(string role) => role switch
    {
        WeightRoles.VisionStage1 => _globalTower.state_dict(),
        WeightRoles.VisionStage2 => _localTower.state_dict(),
        WeightRoles.Packers => _globalPacker.state_dict().Select(item => (Key: $"mm_projector.{item.Key}", item.Value))
            .Concat(_localPacker.state_dict().Select(item => (Key: $"mm_projector2.{item.Key}", item.Value)))
            .ToDictionary(item => item.Key, item => item.Value),
        WeightRoles.SliceEncoder => SliceEncoder.state_dict(),
        WeightRoles.LanguageModel => Language.state_dict(),
        _ => throw new HSENetModelException("model.unsupported", $"Weights of the role '{role}' are not supported."),
    };

    /// <summary>Loads every part from the directory's files; all or nothing.</summary>
    /// <exception cref="HSENetModelException"><c>model.incomplete</c>: a part has no weights; or as <see cref="WeightLoader.Load"/>.</exception>
    public void LoadWeights(ModelDirectory directory)
    {
        var byRole = directory.Configuration.Weights.ToLookup(file => file.Role, file => new WeightFile(directory.PathOf(file.Path), file.Prefix));
        string[] needed = [WeightRoles.VisionStage1, WeightRoles.VisionStage2, WeightRoles.Packers, WeightRoles.SliceEncoder, WeightRoles.LanguageModel];
        foreach (var role in needed.Where(role => !byRole.Contains(role)))
        {
            throw new HSENetModelException("model.incomplete", $"The model directory does not have the part 'weights of the role {role}'.");
        }

        WeightLoader.Load([.. byRole.Select(group => new WeightPart(group.Key, [.. group], Targets(group.Key)))]);
    }

    public void MoveTo(Device device)
    {
        foreach (var module in Modules())
        {
            module.to(device);
        }
    }

    /// <param name="volume">[1, 1, D, H, W], values 0..1</param>
    /// <param name="slices">[S, 3, image, image], normalised</param>
    /// <param name="cancellationToken">Looked at between batches of slices and between the parts.</param>
    public VisualEncoding Encode(Tensor volume, Tensor slices, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var features = SliceEncoder.EncodeVolume(slices, cancellationToken);                       // [1, S, hidden]
        var guided = _localTower.call(volume, features);                                           // [1, 1 + N, hidden], [1, N]
        cancellationToken.ThrowIfCancellationRequested();
        var whole = _globalTower.call(volume);                                                     // [1, 1 + N, hidden]
        cancellationToken.ThrowIfCancellationRequested();
        var globalTokens = _globalPacker.call(VisionTokens.Patches(whole));                        // [1, tokens, out]
        var localTokens = _localPacker.call(VisionTokens.Patches(guided.Tokens));                  // [1, tokens, out]
        return new VisualEncoding(
            cat([globalTokens, localTokens], dim: 1).MoveToOuterDisposeScope(),                    // [1, 2 tokens, out]
            guided.PatchScores.MoveToOuterDisposeScope());                                         // [1, N]
    }

    public void Dispose()
    {
        foreach (var module in Modules())
        {
            module.Dispose();
        }
    }

    private static void Support(bool holds, string what)
    {
        if (!holds)
        {
            throw new HSENetModelException("model.unsupported", $"{what} is supported.");
        }
    }

    private IEnumerable<nn.Module> Modules() => [SliceEncoder, _globalTower, _localTower, _globalPacker, _localPacker, Language];
}
