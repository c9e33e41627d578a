using HSENet.Model.Configuration;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>A set of packers of its own, for a task that is or was trained with one.</summary>
internal sealed class PackerPair : IDisposable
{
    private readonly nn.Module<Tensor, Tensor>? _global;
    private readonly nn.Module<Tensor, Tensor>? _local;

    /// <summary>One for each tower of the configuration; initialised, the weights are not loaded yet.</summary>
    public PackerPair(ModelConfiguration configuration)
    {
        var (section, vision) = (ModelConfiguration.Need(configuration.Packer, "packer"), ModelConfiguration.Need(configuration.Vision, "vision"));
        var sizes = section.ToConfig(vision.ToConfig());
        _global = vision.HasGlobal ? PackerFactory.Create(section.PackerKind, sizes) : null;
        _local = vision.HasLocal ? PackerFactory.Create(section.PackerKind, sizes) : null;
        VisualTokens = sizes.Tokens * Modules.Count();
    }

    /// <summary>Visual tokens of a volume, all towers together.</summary>
    public int VisualTokens { get; }

    /// <summary>The parameters by their canonical names in adapter files.</summary>
    public IEnumerable<(string Name, Parameter Value)> Parameters => Named.SelectMany(item => item.Module.named_parameters().Select(tensor => (item.Prefix + tensor.name, tensor.parameter)));

    private IEnumerable<nn.Module<Tensor, Tensor>> Modules => Named.Select(item => item.Module);

    private IEnumerable<(string Prefix, nn.Module<Tensor, Tensor> Module)> Named =>
        new[] { (AdapterNames.GlobalPacker, Module: _global), (AdapterNames.LocalPacker, Module: _local) }.Where(item => item.Module is not null)
            .Select(item => (item.Item1, item.Module!));

    /// <summary>The packers' tensors by their canonical names in adapter files.</summary>
    public IReadOnlyDictionary<string, Tensor> Targets() =>
        Named.SelectMany(item => item.Module.state_dict().Select(tensor => KeyValuePair.Create(item.Prefix + tensor.Key, tensor.Value))).ToDictionary();

    /// <summary>With dropout, or as they are used.</summary>
    public void Train(bool on)
    {
        foreach (var module in Modules)
        {
            module.train(on);
        }
    }

    public void MoveTo(Device device)
    {
        foreach (var module in Modules)
        {
            module.to(device);
        }
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
