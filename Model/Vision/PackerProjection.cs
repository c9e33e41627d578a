using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace HSENet.Model.Vision;

/// <summary>The last part of every packer: two linear layers with exact GELU, to the language model's width.</summary>
internal static class PackerProjection
{
    public static Sequential Create(SpatialPackerConfig config) =>
        Sequential(("0", Linear(config.Hidden, config.Out)), ("1", GELU()), ("2", Linear(config.Out, config.Out)));   // [hidden -> out -> out]
}
