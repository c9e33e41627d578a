using HSENet.Model.Configuration;
using HSENet.Model.Vision;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>
/// The visual path: slice encoder, towers, packers and the projections into the shared space, as far as they are asked for. Which tower and
/// packer there is, and of what kind, is configuration.
/// </summary>
internal sealed class VisualNetwork : IDisposable
{
    private readonly VisionSection _vision;

    /// <summary>Builds the modules from their sizes; the weights are not loaded yet.</summary>
    /// <exception cref="HSENetModelException"><c>model.incomplete</c>: the sizes of a part are missing.</exception>
    public VisualNetwork(ModelConfiguration configuration, VisualParts parts)
    {
        _vision = ModelConfiguration.Need(configuration.Vision, "vision");
        Tower = _vision.ToConfig();
        Parts = parts;
        if (Has(VisualParts.SliceEncoder))
        {
            var slices = ModelConfiguration.Need(configuration.Slices, "slices");
            SliceEncoder = new SliceEncoder2D(ModelConfiguration.Need(slices.Encoder, "slices.encoder").ToConfig(slices.Width));
        }

        GlobalTower = Has(VisualParts.GlobalTower) ? new VisionEncoder3D(Tower) : null;
        LocalTower = !Has(VisualParts.LocalTower) ? null : _vision.PatchGuide == PatchGuide.None ? new VisionEncoder3D(Tower) : new SliceGuidedEncoder3D(Tower);
        if (Has(VisualParts.GlobalPacker | VisualParts.LocalPacker))
        {
            var section = ModelConfiguration.Need(configuration.Packer, "packer");
            Packer = section.ToConfig(Tower);
            GlobalPacker = Has(VisualParts.GlobalPacker) ? PackerFactory.Create(section.PackerKind, Packer) : null;
            LocalPacker = Has(VisualParts.LocalPacker) ? PackerFactory.Create(section.PackerKind, Packer) : null;
        }

        Stage1Head = Has(VisualParts.Stage1Head) ? nn.Linear(Tower.Hidden, Tower.Hidden) : null;
        Stage2Head = Has(VisualParts.Stage2Head) ? nn.Linear(Tower.Hidden, Tower.Hidden) : null;
    }

    public VisualParts Parts { get; }

    /// <summary>Sizes of both towers.</summary>
    public Vit3DConfig Tower { get; }

    /// <summary>Sizes of the packers; null without any.</summary>
    public SpatialPackerConfig? Packer { get; }

    public SliceEncoder2D? SliceEncoder { get; }

    public VisionEncoder3D? GlobalTower { get; }

    /// <summary>A <see cref="SliceGuidedEncoder3D"/>, or a <see cref="VisionEncoder3D"/> where nothing guides it.</summary>
    public nn.Module? LocalTower { get; }

    public nn.Module<Tensor, Tensor>? GlobalPacker { get; }

    public nn.Module<Tensor, Tensor>? LocalPacker { get; }

    public Linear? Stage1Head { get; }

    public Linear? Stage2Head { get; }

    /// <summary>What scores the patches of the local tower.</summary>
    public PatchGuide Guide => _vision.PatchGuide;

    /// <summary>Visual tokens of a volume, all towers together.</summary>
    public int VisualTokens => (Packer?.Tokens ?? 0) * ((GlobalPacker is null ? 0 : 1) + (LocalPacker is null ? 0 : 1));

    /// <summary>The parts that reports need: everything that the configuration's towers use, but for the shared space.</summary>
    public static VisualParts ForReports(ModelConfiguration configuration)
    {
        var vision = ModelConfiguration.Need(configuration.Vision, "vision");
        var parts = vision.HasGlobal ? VisualParts.GlobalTower | VisualParts.GlobalPacker : VisualParts.None;
        if (vision.HasLocal)
        {
            parts |= VisualParts.LocalTower | VisualParts.LocalPacker;
            parts |= vision.PatchGuide == PatchGuide.Slices ? VisualParts.SliceEncoder : VisualParts.None;
        }

        return parts;
    }

    /// <param name="volume">[B, 1, D, H, W], values 0..1</param>
    /// <param name="guide">slice or text features [B, K, hidden]; null where the local tower has no guide or is not built</param>
    /// <param name="guideMask">[B, K]: 0 where the guide is padding; null: all of it counts</param>
    /// <param name="cancellationToken">Looked at between the parts.</param>
    public TowerOutputs EncodeTowers(Tensor volume, Tensor? guide, Tensor? guideMask, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        if (guideMask is not null && !PaddingCheck.LeavesSomething(guideMask))
        {
            throw new HSENetModelException("model.input", "The guide of a volume is all padding: its mask is all zeros.");
        }

        var global = GlobalTower?.call(volume);                                                    // [B, 1 + N, hidden]
        cancellationToken.ThrowIfCancellationRequested();
        var local = LocalTower switch
        {
            null => (Tokens: null, Scores: null),
            SliceGuidedEncoder3D tower => Guided(tower.Encode(
                volume, guide ?? throw new HSENetModelException("model.input", $"The local tower needs a guide ({_vision.Guide})."), guideMask)),
            nn.Module<Tensor, Tensor> tower => (Tokens: (Tensor?)tower.call(volume), Scores: null),
            _ => throw new InvalidOperationException("Unknown tower."),
        };
        return new TowerOutputs(
            global?.MoveToOuterDisposeScope(), local.Tokens?.MoveToOuterDisposeScope(), local.Scores?.MoveToOuterDisposeScope());
    }

    /// <param name="globalPatches">[B, N, hidden]; null when there is no global tower</param>
    /// <param name="localPatches">[B, N, hidden]; null when there is no local tower</param>
    /// <returns>[B, tokens, out]: global tokens first, then local ones; null when there is nothing to pack</returns>
    public Tensor? Pack(Tensor? globalPatches, Tensor? localPatches)
    {
        using var scope = NewDisposeScope();
        Tensor?[] packed =
        [
            globalPatches is null ? null : GlobalPacker?.call(globalPatches),                       // [B, tokens, out]
            localPatches is null ? null : LocalPacker?.call(localPatches),                          // [B, tokens, out]
        ];
        var tokens = packed.OfType<Tensor>().ToList();
        return tokens.Count == 0 ? null : cat(tokens, dim: 1).MoveToOuterDisposeScope();
    }

    /// <param name="head">Of the tower's stage.</param>
    /// <param name="tokens">[B, 1 + N, hidden], or null without the tower</param>
    /// <returns>The volumes in the stage's shared space [B, hidden], length 1; null without head or tower</returns>
    public static Tensor? Embed(Linear? head, Tensor? tokens)
    {
        using var scope = NewDisposeScope();
        return head is null || tokens is null ? null : nn.functional.normalize(head.call(VisionTokens.Cls(tokens)), dim: -1).MoveToOuterDisposeScope();
    }

    public void MoveTo(Device device)
    {
        foreach (var module in Modules())
        {
            module.to(device);
        }
    }

    public void Dispose()
    {
        foreach (var module in Modules())
        {
            module.Dispose();
        }
    }

    private static (Tensor? Tokens, Tensor? Scores) Guided(SliceGuidedOutput output) => (output.Tokens, output.PatchScores);

    private bool Has(VisualParts parts) => (Parts & parts) != 0;

    private IEnumerable<nn.Module> Modules() =>
        ((nn.Module?[])[SliceEncoder, GlobalTower, LocalTower, GlobalPacker, LocalPacker, Stage1Head, Stage2Head]).OfType<nn.Module>();
}
