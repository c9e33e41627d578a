using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Contrastive;

/// <summary>The blocks of the text encoder, one after the other.</summary>
internal sealed class TextLayers : Module<Tensor, Tensor, Tensor>
{
    private readonly ModuleList<TextLayer> layer;

    public TextLayers(TextEncoderConfig config)
        : base(nameof(TextLayers))
    {
        layer = new ModuleList<TextLayer>([.. Enumerable.Range(0, config.Layers).Select(_ => new TextLayer(config))]);
        RegisterComponents();
    }

    /// <param name="input1">[B, T, hidden]</param>
    /// <param name="input2">[B, 1, 1, T]: true where there is text</param>
    /// <returns>[B, T, hidden]</returns>
    public override Tensor forward(Tensor input1, Tensor input2)
    {
        using var scope = NewDisposeScope();
        var tokens = input1;
        foreach (var block in layer)
        {
            tokens = block.call(tokens, input2);               // [B, T, hidden]
        }

        return tokens.MoveToOuterDisposeScope();
    }
}
