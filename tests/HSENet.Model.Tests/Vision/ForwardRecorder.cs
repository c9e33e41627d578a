using static TorchSharp.torch;

namespace HSENet.Model.Tests.Vision;

/// <summary>Keeps what chosen submodules were given and what they returned during a forward pass.</summary>
internal sealed class ForwardRecorder : IDisposable
{
    private readonly Dictionary<string, (Tensor Input, Tensor Output)> _seen = [];

    public ForwardRecorder(nn.Module root, params string[] names)
    {
        foreach (var name in names)
        {
            switch (root.named_modules().Single(m => m.name == name).module)
            {
                case nn.Module<Tensor, Tensor> module:
                    module.register_forward_hook((_, input, output) => Keep(name, input, output));
                    break;
                case nn.Module<Tensor, Tensor, Tensor> module:
                    module.register_forward_hook((_, input, _, output) => Keep(name, input, output));
                    break;
                case nn.Module<Tensor, Tensor, Tensor?, Tensor> module:
                    module.register_forward_hook((_, input, _, _, output) => Keep(name, input, output));
                    break;
                default:
                    throw new ArgumentException(name);
            }
        }
    }

    public Tensor Input(string name) => _seen[name].Input;

    public Tensor Output(string name) => _seen[name].Output;

    public void Dispose()
    {
        foreach (var (input, output) in _seen.Values)
        {
            input.Dispose();
            output.Dispose();
        }
    }

    private Tensor Keep(string name, Tensor input, Tensor output)
    {
        _seen[name] = (input.detach().clone().DetachFromDisposeScope(), output.detach().clone().DetachFromDisposeScope());
        return output;
    }
}
