using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>The stage-1 tower: a plain 3D ViT with the CLS token in front. 87,389,184 parameters at full size.</summary>
internal sealed class VisionEncoder3D : Module<Tensor, Tensor>
{
    private readonly Parameter cls_token;                // [1, 1, hidden]
    private readonly PatchEmbedding3D patch_embedding;
    private readonly ModuleList<VitBlock> blocks;
    private readonly LayerNorm norm;

    public VisionEncoder3D(Vit3DConfig config)
        : base(nameof(VisionEncoder3D))
    {
        Config = config.Validated();
        cls_token = new Parameter(zeros(1, 1, config.Hidden));
        patch_embedding = new PatchEmbedding3D(config);
        blocks = new ModuleList<VitBlock>([.. Enumerable.Range(0, config.Layers).Select(_ => new VitBlock(config.Hidden, config.Heads, config.Mlp))]);
        norm = LayerNorm(config.Hidden);
        RegisterComponents();
        eval();
    }

    public Vit3DConfig Config { get; }

    /// <param name="input">[B, 1, D, H, W], values 0..1</param>
    /// <returns>[B, 1 + N, hidden]: the last tokens after the final norm, CLS first (see <see cref="VisionTokens"/>)</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var tokens = VisionTokens.PrependCls(cls_token, patch_embedding.call(input));    // [B, 1 + N, hidden]
        foreach (var block in blocks)
        {
            tokens = block.call(tokens);                                                 // [B, 1 + N, hidden]
        }

        return norm.call(tokens).MoveToOuterDisposeScope();                              // [B, 1 + N, hidden]
    }
}
