using System.Diagnostics;
using System.Globalization;
using HSENet.Trainer.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>AdamW with warm-up, cosine and clipped gradients, over groups with rates of their own.</summary>
/// <param name="name">Of the stage, for the log.</param>
/// <param name="steps">Optimiser steps.</param>
/// <param name="log">Gets a line now and then.</param>
internal sealed class DemoLoop(string name, int steps, TextWriter log)
{
    private const double WarmUp = 0.04;
    private const double WeightDecay = 0.02;
    private const double LargestGradient = 1;
    private const int Lines = 12;

    private readonly List<(Parameter[] Values, double Rate)> _groups = [];

    public DemoLoop With(double rate, params IEnumerable<Parameter> values)
    {
        _groups.Add(([.. values], rate));
        return this;
    }

    /// <param name="loss">The loss of a step and its parts by name; the loop owns the loss.</param>
    /// <returns>Seconds.</returns>
    public double Run(Func<int, Dictionary<string, double>, Tensor> loss)
    {
        var clock = Stopwatch.StartNew();
        var all = _groups.SelectMany(group => group.Values).ToArray();
        var optimizers = _groups.ConvertAll(group => (Step: Optimizer(group.Values), group.Rate));
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        var (every, counted) = (Math.Max(1, steps / Lines), 0);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var warm = Math.Max(1, WarmUp * steps);
            var share = step < warm ? (step + 1) / warm : 0.5 * (1 + Math.Cos(Math.PI * (step - warm) / (steps - warm)));
            optimizers.ForEach(optimizer => optimizer.Step.ClearGradients());
            var parts = new Dictionary<string, double>(StringComparer.Ordinal);
            var total = loss(step, parts);
            total.backward();
            nn.utils.clip_grad_norm_(all, LargestGradient);
            optimizers.ForEach(optimizer => optimizer.Step.Step(optimizer.Rate * Math.Max(share, 0.01)));
            parts["loss"] = total.item<float>();
            counted++;
            foreach (var (part, value) in parts)
            {
                sums[part] = sums.GetValueOrDefault(part) + value;
            }

            if ((step + 1) % every == 0 || step + 1 == steps)
            {
                var means = sums.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Key} {item.Value / counted:F4}"));
                log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {step + 1}/{steps} {clock.Elapsed.TotalSeconds:F0} s {string.Join(", ", means)}"));
                log.Flush();
                sums.Clear();
                counted = 0;
            }
        }

        optimizers.ForEach(optimizer => optimizer.Step.Dispose());
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>Decays every parameter: their numbers are no names that are left out of it.</summary>
    private static FusedAdamW Optimizer(IEnumerable<Parameter> values) => new(
        [.. values.Select((value, index) => (index.ToString(CultureInfo.InvariantCulture), value))], new TrainingSettings { WeightDecay = WeightDecay });
}
