using System.Diagnostics;
using System.Globalization;
using HSENet.Model.Configuration;
using HSENet.Model.Text;
using HSENet.Trainer.Contrastive;
using HSENet.Trainer.Pretraining;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Benchmarks.Training;

/// <summary>
/// A whole optimiser step of both contrastive stages, as the training loop does it (loss, backward, clipping, AdamW), against the sum of its matrix products
/// alone, at the same shapes and taken in turn with them: the ratio says what the rest costs, on any machine.
/// </summary>
internal static class StepBenchmark
{
    private const int Rounds = 5;
    private const int Batch = 4;
    private const int Tokens = 256;

    /// <summary>Half the published width, four layers: large enough that products decide, small enough for two cores.</summary>
    private static readonly ModelConfiguration s_sizes = new()
    {
        Name = "benchmark", Version = "0.1.0", Purpose = Purposes.Research,
        Vision = new() { Image = [32, 128, 128], Patch = [4, 16, 16], Hidden = 384, Layers = 4, Heads = 6, Mlp = 1536 },
        Slices = new() { Count = 32, Width = 384 },
        Text = new() { Vocab = 1000, Hidden = 384, Layers = 4, Heads = 6, Intermediate = 1536, Positions = Tokens },
        Preprocessing = new()
        {
            Protocol = "ct-rate", Spacing = [1.5, 0.75, 0.75], VolumeWindow = [-1000, 200], SliceWindow = [-1000, 1000], Axes = ["S", "R", "P"],
        },
    };

    public static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("hsenet-step-").FullName;
        try
        {
            var settings = new PretrainingSettings { Stage = 1, Training = new() { Epochs = 1, Batch = Batch, LearningRate = 1e-4, WeightDecay = 0.1, Device = "cpu" } };
            Measure("stage 1", ContrastiveNetworks.Stage1(s_sizes, 1), settings, task => task.WriteModel(folder));
            Measure("stage 2", ContrastiveNetworks.Stage2(ModelDirectory.Open(folder), null, "slices", 1, []), settings with { Stage = 2 }, _ => { });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string name, ContrastiveNetworks networks, PretrainingSettings settings, Action<ContrastiveTask> after)
    {
        var pieces = new[] { WordPieceTokenizer.Padding, WordPieceTokenizer.Unknown, WordPieceTokenizer.Classification, WordPieceTokenizer.Separator, WordPieceTokenizer.Mask };
        var texts = new ContrastiveTexts(new(pieces.Select((piece, id) => (piece, id)).ToDictionary(item => item.piece, item => item.id)), settings.Text, Tokens);
        using var task = new ContrastiveTask(networks, settings, texts, new SingleProcess(), CPU);
        using var optimiser = new FusedAdamW(task.Trained, settings.Training);
        using var scope = NewDisposeScope();
        var (depth, height, width) = networks.Tower.Image;
        var inputs = new ContrastiveInputs(
            rand([Batch, 1, depth, height, width]), rand([Batch, 32L * networks.Tower.Hidden]), randint(5, 1000, [Batch, Tokens]), ones([Batch, Tokens], dtype: int64));

        var products = new MatrixProducts();
        using (products.Watch(networks.Student, trained: true))
        using (networks.Teacher is { } teacher ? products.Watch(teacher, trained: false) : null)
        {
            Step(task, optimiser, inputs, settings);
        }

        Attention(products, trained: true);
        if (networks.Teacher is not null)
        {
            Attention(products, trained: false);
        }

        products.Run();
        var (steps, alone) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            Step(task, optimiser, inputs, settings);
            steps.Add(clock.Elapsed.TotalSeconds);
            alone.Add(products.Run());
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: step {steps.Min():F2} s, its {products.Count} matrix products alone {alone.Min():F2} s ({products.Operations / 1e9 / alone.Min():F0} GFLOP/s): ratio {steps.Min() / alone.Min():F2}; medians {Median(steps):F2} s and {Median(alone):F2} s; best of {Rounds} rounds in turn, {get_num_threads()} threads"));
        after(task);
    }

    private static void Attention(MatrixProducts products, bool trained)
    {
        var (vision, text) = (s_sizes.Vision!.ToConfig(), s_sizes.Text!);
        products.AddAttention(Batch, vision.Heads, vision.Tokens + 1, vision.Hidden / vision.Heads, vision.Layers, trained);
        products.AddAttention(Batch, text.Heads, Tokens, text.Hidden / text.Heads, text.Layers, trained);
    }

    private static void Step(ContrastiveTask task, FusedAdamW optimiser, ContrastiveInputs inputs, PretrainingSettings settings)
    {
        using var scope = NewDisposeScope();
        task.Loss(inputs, [], new TrainingStep(0, 0, new Random(1)), new Dictionary<string, double>()).backward();
        GradientClip.Apply([.. task.Trained.Select(item => item.Value.grad).OfType<Tensor>()], settings.Training.ClipNorm);
        optimiser.Step(settings.Training.LearningRate);
        foreach (var (_, value) in task.Trained)
        {
            using var gradient = value.grad;
            value.grad = null;
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
