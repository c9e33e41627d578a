using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>
/// The stage-2 tower (2E3): each patch embedding, position included, is multiplied by a score that its cross-attention to the slice features
/// gives it; then the blocks of the plain tower follow. CLS is not scored. 89,753,857 parameters at full size.
/// </summary>
internal sealed class SliceGuidedEncoder3D : Module<Tensor, Tensor, SliceGuidedOutput>
{
    private readonly Parameter cls_token;                            // [1, 1, hidden]
    private readonly PatchEmbedding3D patch_embedding;
    private readonly ModuleList<VitBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear patch_score_proj;                        // [hidden -> 1]
    private readonly SingleHeadAttention slice_guided_attention;

    public SliceGuidedEncoder3D(Vit3DConfig config)
        : base(nameof(SliceGuidedEncoder3D))
    {
        Config = config.Validated();
        cls_token = new Parameter(zeros(1, 1, config.Hidden));
        patch_embedding = new PatchEmbedding3D(config);
        blocks = new ModuleList<VitBlock>([.. Enumerable.Range(0, config.Layers).Select(_ => new VitBlock(config.Hidden, config.Heads, config.Mlp))]);
        norm = LayerNorm(config.Hidden);
        patch_score_proj = Linear(config.Hidden, 1);
        slice_guided_attention = new SingleHeadAttention(config.Hidden);
        RegisterComponents();
        eval();
    }

    public Vit3DConfig Config { get; }

    /// <param name="input1">volume [B, 1, D, H, W], values 0..1</param>
    /// <param name="input2">slice features [B, S, hidden]</param>
    public override SliceGuidedOutput forward(Tensor input1, Tensor input2) => Encode(input1, input2, null);

    /// <summary>As <see cref="forward"/>, with any guide (<see cref="PatchGuide"/>).</summary>
    /// <param name="volume">[B, 1, D, H, W], values 0..1</param>
    /// <param name="guide">[B, K, hidden]: slice features, or the text's</param>
    /// <param name="guideMask">[B, K]: 0 where the guide is padding; null: all of it counts</param>
    public SliceGuidedOutput Encode(Tensor volume, Tensor guide, Tensor? guideMask)
    {
        using var scope = NewDisposeScope();
        var patches = patch_embedding.call(volume);                                       // [B, N, hidden]
        var guided = slice_guided_attention.call(patches, guide, guideMask);              // [B, N, hidden]
        var scores = patch_score_proj.call(guided).sigmoid();                             // [B, N, 1]
        var tokens = VisionTokens.PrependCls(cls_token, patches * scores);                // [B, 1 + N, hidden]
        foreach (var block in blocks)
        {
            tokens = block.call(tokens);                                                  // [B, 1 + N, hidden]
        }

        return new SliceGuidedOutput(
            norm.call(tokens).MoveToOuterDisposeScope(),                                  // [B, 1 + N, hidden]
            scores.squeeze(-1).MoveToOuterDisposeScope());                                // [B, N]
    }

    /// <summary>Which slices each patch looks at.</summary>
    /// <param name="volume">[B, 1, D, H, W]</param>
    /// <param name="sliceFeatures">[B, S, hidden]</param>
    /// <returns>[B, N, S]</returns>
    public Tensor SliceProbabilities(Tensor volume, Tensor sliceFeatures)
    {
        using var scope = NewDisposeScope();
        return slice_guided_attention.Probabilities(patch_embedding.call(volume), sliceFeatures).MoveToOuterDisposeScope();
    }
}
