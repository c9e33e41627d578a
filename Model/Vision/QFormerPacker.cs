using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>
/// Comparison variant: learned queries, as many as the windows give tokens, look at each other and at all patches, layer after layer, and are
/// projected. After the Q-Former of BLIP-2; the paper gives no sizes, so depth and heads are <c>packer.layers</c> and <c>packer.heads</c>.
/// Nothing tells it where a patch lies but what the tower wrote into it.
/// </summary>
internal sealed class QFormerPacker : Module<Tensor, Tensor>
{
    private readonly Parameter query_tokens;             // [1, tokens, hidden]
    private readonly ModuleList<QFormerLayer> layers;
    private readonly LayerNorm norm;
    private readonly Sequential proj_mpls;               // [hidden -> out -> out]
    private readonly SpatialPackerConfig _config;

    public QFormerPacker(SpatialPackerConfig config)
        : base(nameof(QFormerPacker))
    {
        _config = config.Validated();
        query_tokens = new Parameter(zeros(1, config.Tokens, config.Hidden));
        PatchInit.Fill(query_tokens);
        layers = new ModuleList<QFormerLayer>([.. Enumerable.Range(0, config.Layers).Select(_ => new QFormerLayer(config.Hidden, config.Heads))]);
        norm = LayerNorm(config.Hidden);
        proj_mpls = PackerProjection.Create(config);
        RegisterComponents();
        eval();
    }

    /// <param name="input">patch features without CLS [B, N, hidden]</param>
    /// <returns>[B, tokens, out]</returns>
    public override Tensor forward(Tensor input)
    {
        PatchWindows.Check(input, _config);
        using var scope = NewDisposeScope();
        var queries = query_tokens.expand(input.shape[0], -1, -1);                        // [B, tokens, hidden]
        foreach (var layer in layers)
        {
            queries = layer.call(queries, input);                                         // [B, tokens, hidden]
        }

        return proj_mpls.call(norm.call(queries)).MoveToOuterDisposeScope();              // [B, tokens, out]
    }
}
