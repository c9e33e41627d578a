using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training;

/// <summary>
/// AdamW with decoupled decay (Loshchilov and Hutter 2019, algorithm 2), the library's fused kernel: one pass over all parameters, five times as
/// fast as a loop of tensor operations. Parameters without a gradient are left alone.
/// </summary>
internal sealed class FusedAdamW : IDisposable
{
    /// <summary>A fault in this text would end the process: it must stay as it is tested.</summary>
    private const string Script = """
        def step(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], n: List[Tensor], lr: float, b1: float, b2: float, wd: float, eps: float) -> int:
            x: List[Tensor] = []
            torch._foreach_add_(n, 1)
            torch._fused_adamw_(p, g, m, v, x, n, lr=lr, beta1=b1, beta2=b2, weight_decay=wd, eps=eps, amsgrad=False, maximize=False)
            return 0

        """;

    private static readonly Lazy<jit.CompilationUnit> s_unit = new(() => jit.compile(Script));

    private readonly TrainingSettings _settings;
    private readonly List<Slot> _slots;

    public FusedAdamW(IReadOnlyList<(string Name, Parameter Value)> parameters, TrainingSettings settings)
    {
        _settings = settings;
        _slots = [.. parameters.Select(item => new Slot(item.Name, item.Value))];
    }

    /// <summary>The two moments and the count of steps of each parameter, by name; they are the optimiser's own.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State => _slots.SelectMany(slot => slot.State);

    /// <summary>One step by the gradients as they stand.</summary>
    public void Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        foreach (var group in _slots.Where(slot => slot.Value.grad is not null).GroupBy(slot => slot.Decays))
        {
            Slot[] slots = [.. group];

            // held until the call is over: those that the call would make itself may be collected while it runs
            using var rate = learningRate.ToScalar();
            using var beta1 = _settings.Beta1.ToScalar();
            using var beta2 = _settings.Beta2.ToScalar();
            using var decay = (group.Key ? _settings.WeightDecay : 0).ToScalar();
            using var epsilon = _settings.Epsilon.ToScalar();
            s_unit.Value.invoke(
                "step",
                slots.Select(slot => (Tensor)slot.Value).ToArray(),
                slots.Select(slot => slot.Value.grad!).ToArray(),
                slots.Select(slot => slot.First).ToArray(),
                slots.Select(slot => slot.Second).ToArray(),
                slots.Select(slot => slot.Count).ToArray(),
                rate,
                beta1,
                beta2,
                decay,
                epsilon);
        }
    }

    public void ClearGradients()
    {
        foreach (var slot in _slots)
        {
            using var gradient = slot.Value.grad;
            slot.Value.grad = null;
        }
    }

    public void Dispose()
    {
        foreach (var (_, tensor) in State)
        {
            tensor.Dispose();
        }
    }

    private sealed class Slot(string name, Parameter value)
    {
        public Parameter Value { get; } = value;

        public bool Decays { get; } = DecayRule.Decays(name);

        /// <summary>Running mean of the gradient.</summary>
        public Tensor First { get; } = zeros_like(value).DetachFromDisposeScope();

        /// <summary>Running mean of its square.</summary>
        public Tensor Second { get; } = zeros_like(value).DetachFromDisposeScope();

        /// <summary>Steps taken, a number in a tensor: what the kernel wants.</summary>
        public Tensor Count { get; } = zeros([], ScalarType.Float32, value.device).DetachFromDisposeScope();

        public IEnumerable<KeyValuePair<string, Tensor>> State =>
        [
            KeyValuePair.Create("first." + name, First), KeyValuePair.Create("second." + name, Second), KeyValuePair.Create("steps." + name, Count),
        ];
    }
}
