using HSENet.Model.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>
/// The 2D slice encoder: a ViT trunk without classifier. Its feature is the CLS token after the final norm, not normalised, without any
/// projection. Names are those of the published trunk after the prefix <c>visual.trunk.</c>.
/// </summary>
internal sealed class SliceEncoder2D : Module<Tensor, Tensor>
{
    private const int BatchSize = 4;   // measured fastest on a CPU, and bounds the memory

    private readonly Parameter cls_token;                     // [1, 1, hidden]
    private readonly Parameter pos_embed;                     // [1, 1 + N, hidden], CLS included
    private readonly SlicePatchEmbedding patch_embed;
    private readonly ModuleList<SliceEncoderBlock> blocks;
    private readonly LayerNorm norm;

    public SliceEncoder2D(SliceEncoderConfig config)
        : base(nameof(SliceEncoder2D))
    {
        Config = config.Validated();
        cls_token = new Parameter(zeros(1, 1, config.Hidden));
        pos_embed = new Parameter(zeros(1, config.Tokens, config.Hidden));
        PatchInit.Fill(pos_embed);
        patch_embed = new SlicePatchEmbedding(config);
        blocks = new ModuleList<SliceEncoderBlock>(
            [.. Enumerable.Range(0, config.Layers).Select(_ => new SliceEncoderBlock(config.Hidden, config.Heads, config.Mlp))]);
        norm = LayerNorm(config.Hidden, SliceEncoderBlock.Epsilon);
        RegisterComponents();
        eval();
    }

    public SliceEncoderConfig Config { get; }

    /// <param name="input">[B, 3, image, image], normalised (see <see cref="Preprocessing.SliceImages"/>)</param>
    /// <returns>[B, hidden]</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var tokens = VisionTokens.PrependCls(cls_token, patch_embed.call(input)).Plus(pos_embed);   // [B, 1 + N, hidden]
        foreach (var block in blocks)
        {
            tokens = block.call(tokens);                                                         // [B, 1 + N, hidden]
        }

        return norm.call(VisionTokens.Cls(tokens)).MoveToOuterDisposeScope();                    // [B, hidden]
    }

    /// <summary>Encodes the slices of one volume a few at a time.</summary>
    /// <param name="slices">[S, 3, image, image]</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>[1, S, hidden]: what <see cref="SliceGuidedEncoder3D"/> takes</returns>
    public Tensor EncodeVolume(Tensor slices, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var features = new List<Tensor>();
        for (long start = 0; start < slices.shape[0]; start += BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            features.Add(call(slices.narrow(0, start, Math.Min(BatchSize, slices.shape[0] - start))));   // [<= 4, hidden]
        }

        return cat(features, dim: 0).unsqueeze(0).MoveToOuterDisposeScope();                     // [1, S, hidden]
    }
}
