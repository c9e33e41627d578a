using HSENet.Model.Configuration;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>A second set of packers, for a task that was trained with its own.</summary>
internal sealed class PackerPair : IDisposable
{
    private readonly nn.Module<Tensor, Tensor>? _global;
    private readonly nn.Module<Tensor, Tensor>? _local;

    /// <summary>Of the kind and sizes of the first set; the weights are not loaded yet.</summary>
    public PackerPair(ModelConfiguration configuration, VisualNetwork visual)
    {
        var kind = ModelConfiguration.Need(configuration.Packer, "packer").PackerKind;
        _global = visual.GlobalPacker is null ? null : PackerFactory.Create(kind, visual.Packer!);
        _local = visual.LocalPacker is null ? null : PackerFactory.Create(kind, visual.Packer!);
    }

    /// <summary>The packers' tensors by their canonical names in adapter files.</summary>
    public IReadOnlyDictionary<string, Tensor> Targets() => new[] { (AdapterNames.GlobalPacker, Module: _global), (AdapterNames.LocalPacker, Module: _local) }
        .Where(item => item.Module is not null)
        .SelectMany(item => item.Module!.state_dict().Select(tensor => KeyValuePair.Create(item.Item1 + tensor.Key, tensor.Value)))
        .ToDictionary();

    public void MoveTo(Device device)
    {
        _global?.to(device);
        _local?.to(device);
    }

    /// <inheritdoc cref="VisualNetwork.Pack"/>
    public Tensor Pack(Tensor? globalPatches, Tensor? localPatches)
    {
        using var scope = NewDisposeScope();
        Tensor?[] packed = [globalPatches is null ? null : _global?.call(globalPatches), localPatches is null ? null : _local?.call(localPatches)];   // [B, tokens, out]
        return cat(packed.OfType<Tensor>().ToList(), dim: 1).MoveToOuterDisposeScope();                                                            // [B, all tokens, out]
    }

    public void Dispose()
    {
        _global?.Dispose();
        _local?.Dispose();
    }
}
