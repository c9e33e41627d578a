using HSENet.Trainer.Data;
using HSENet.Trainer.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Training;

/// <summary>The smallest task with everything that can go wrong: a layer, a norm, dropout, draws of the step.</summary>
internal sealed class LineTask : ITrainingTask
{
    public const int Width = 6;

    private readonly Linear _layer;
    private readonly LayerNorm _norm;

    public LineTask(int seed = 7)
    {
        manual_seed(seed);
        _layer = nn.Linear(Width, 1);
        _norm = nn.LayerNorm(Width);
        Trained = [("layer.weight", _layer.weight!), ("layer.bias", _layer.bias!), ("norm.weight", _norm.weight!), ("norm.bias", _norm.bias!)];
    }

    public IReadOnlyList<(string Name, Parameter Value)> Trained { get; }

    /// <summary>Ids of each forward pass.</summary>
    public List<string> Seen { get; } = [];

    public double Dropout { get; init; } = 0.2;

    /// <summary>What the loss becomes at a step, for tests of failures.</summary>
    public Func<long, double> Factor { get; init; } = _ => 1;

    public Tensor Loss(IReadOnlyList<TrainingCase> batch, TrainingStep step, IDictionary<string, double> values)
    {
        using var scope = NewDisposeScope();
        Seen.Add(string.Join(' ', batch.Select(item => item.Item.Id)));
        var input = stack(batch.Select(item => tensor(item.Volume))) + (0.01 * step.Random.NextDouble());
        var output = nn.functional.dropout(_layer.call(_norm.call(input)), Dropout, training: true);
        var target = tensor(batch.Select(item => item.Volume.Sum()).ToArray()).unsqueeze(1);
        values["drawn"] = step.Random.NextDouble();
        return ((output - target).square().mean() * Factor(step.Step)).MoveToOuterDisposeScope();
    }

    public void WriteModel(string directory)
    {
    }

    public static MemoryData Data(int count, params int[] bad) => new(
        count,
        i =>
        {
            var random = new Random(i);
            return new TrainingCase(new ManifestItem { Id = $"case{i}", Volume = "none" }, [.. Enumerable.Range(0, Width).Select(_ => (float)random.NextDouble())], null);
        },
        bad);

    public Dictionary<string, float[]> Values() => Trained.ToDictionary(item => item.Name, item => item.Value.data<float>().ToArray());

    public void Dispose()
    {
        _layer.Dispose();
        _norm.Dispose();
    }
}
