using System.Diagnostics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Benchmarks.Training;

/// <summary>
/// The matrix products of a step, as its modules ask for them: each linear layer forward, and backward by its weight and, where a gradient goes on, by its input;
/// each attention forward and backward. What they take alone is the least that a step of these shapes can take with this library.
/// </summary>
internal sealed class MatrixProducts
{
    private readonly Dictionary<(long Batch, long Rows, long Inner, long Columns), int> _counts = [];

    /// <summary>Multiplications and additions, two each.</summary>
    public double Operations => _counts.Sum(item => 2.0 * item.Key.Batch * item.Key.Rows * item.Key.Inner * item.Key.Columns * item.Value);

    public int Count => _counts.Values.Sum();

    /// <summary>Counts what a module's linear layers do from now on.</summary>
    /// <param name="module">Watched until the result is disposed of.</param>
    /// <param name="trained">False: forward only.</param>
    public IDisposable Watch(nn.Module module, bool trained)
    {
        var hooks = module.named_modules().Select(item => item.module).OfType<Linear>()
            .Select(linear => (Linear: linear, Hook: linear.register_forward_hook((_, input, output) =>
            {
                var (inner, columns) = (input.shape[^1], output.shape[^1]);
                var rows = input.numel() / inner;
                Add(1, rows, inner, columns);
                if (trained)
                {
                    Add(1, columns, rows, inner);             // by the weight
                    if (input.requires_grad)
                    {
                        Add(1, rows, columns, inner);         // by the input
                    }
                }

                return output;
            }))).ToArray();
        return new Hooks([.. hooks.Select(item => (Action)item.Hook.remove)]);
    }

    /// <summary>Adds self-attention: queries by keys, weights by values, and backward each by both sides.</summary>
    public void AddAttention(long batch, long heads, long tokens, long width, int layers, bool trained)
    {
        for (var layer = 0; layer < layers; layer++)
        {
            Add(batch * heads, tokens, width, tokens);
            Add(batch * heads, tokens, tokens, width);
            if (trained)
            {
                Add(batch * heads, tokens, width, tokens);    // by the weights
                Add(batch * heads, tokens, tokens, width);    // by the values
                Add(batch * heads, tokens, tokens, width);    // by the queries
                Add(batch * heads, tokens, tokens, width);    // by the keys
            }
        }
    }

    /// <returns>Seconds of all products, each shape run as often as a step runs it, results dropped at once.</returns>
    public double Run()
    {
        using var quiet = no_grad();
        var seconds = 0.0;
        foreach (var ((batch, rows, inner, columns), count) in _counts)
        {
            using var scope = NewDisposeScope();
            var (left, right) = batch == 1 ? (randn(rows, inner), randn(inner, columns)) : (randn(batch, rows, inner), randn(batch, inner, columns));
            using (left.matmul(right))
            {
                // once beforehand: the library chooses its kernel
            }

            var clock = Stopwatch.StartNew();
            for (var i = 0; i < count; i++)
            {
                left.matmul(right).Dispose();
            }

            seconds += clock.Elapsed.TotalSeconds;
        }

        return seconds;
    }

    private void Add(long batch, long rows, long inner, long columns) =>
        _counts[(batch, rows, inner, columns)] = _counts.GetValueOrDefault((batch, rows, inner, columns)) + 1;

    private sealed class Hooks(Action[] remove) : IDisposable
    {
        public void Dispose()
        {
            foreach (var action in remove)
            {
                action();
            }
        }
    }
}
