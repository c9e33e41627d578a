using static TorchSharp.torch;

namespace HSENet.Model.Vision;

/// <summary>Makes the packer that the configuration names.</summary>
internal static class PackerFactory
{
    /// <returns>From patch features without CLS [B, N, hidden] to [B, tokens, out].</returns>
    public static nn.Module<Tensor, Tensor> Create(PackerKind kind, SpatialPackerConfig config) => kind switch
    {
        PackerKind.SpatialPacker => new SpatialPacker(config),
        PackerKind.SpatialPooling => new SpatialPoolingPacker(config),
        PackerKind.SequencePooling => new SequencePoolingPacker(config),
        PackerKind.QFormer => new QFormerPacker(config),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
