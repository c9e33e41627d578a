using HSENet.Model.Configuration;
using HSENet.Model.Text;
using HSENet.Trainer.Data.Loading;
using HSENet.Trainer.Contrastive;
using HSENet.Trainer.Data;
using HSENet.Trainer.Pretraining;
using HSENet.Trainer.Tests.Training;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Checkpoints;
using HSENet.Trainer.Training.Distributed;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Pretraining;

/// <summary>Both stages at the smallest size, on studies whose volume tells their text: a block in one of eight places, a word for each.</summary>
internal static class TinyStages
{
    public const string Vocabulary = "vocab.txt";

    private static readonly string[] s_places = ["one", "two", "three", "four", "five", "six", "seven", "eight"];

    public static ModelConfiguration Sizes { get; } = new()
    {
        Name = "tiny", Version = "0.1.0", Purpose = Purposes.Research,
        Vision = new() { Image = [8, 16, 16], Patch = [4, 8, 8], Hidden = 16, Layers = 1, Heads = 2, Mlp = 32 },
        Slices = new() { Count = 4, Width = 16 },
        Text = new() { Vocab = 16, Hidden = 24, Layers = 1, Heads = 2, Intermediate = 32, Positions = 12, Tokenizer = Vocabulary },
        Preprocessing = new()
        {
            Protocol = "ct-rate", Spacing = [1.5, 0.75, 0.75], VolumeWindow = [-1000, 200], SliceWindow = [-1000, 1000], Axes = ["S", "R", "P"],
        },
    };

    public static PretrainingSettings Settings(int stage) => new()
    {
        Stage = stage, TextTokens = 12,
        Training = new() { Epochs = 60, Batch = 8, LearningRate = 1e-3, WeightDecay = 0, CheckpointInterval = 1000, Device = "cpu", Seed = 5 },
    };

    public static WordPieceTokenizer Tokenizer() => new(
        new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "block", "." }.Concat(s_places).Select((piece, id) => (piece, id)).ToDictionary(item => item.piece, item => item.id));

    public static MemoryData Data(int count = 32) => new(count, Case);

    public static TrainingCase Case(int index)
    {
        var random = new Random(index);
        var place = index % 8;
        var volume = new float[8 * 16 * 16];
        var slices = new float[4 * 16];
        for (var i = 0; i < volume.Length; i++)
        {
            var (d, h, w) = (i / 256, i / 16 % 16, i % 16);
            var inside = d / 4 == place / 4 && h / 8 == place / 2 % 2 && w / 8 == place % 2;
            volume[i] = (inside ? 1 : -0.2f) + (0.1f * (float)random.NextDouble());
        }

        for (var i = 0; i < slices.Length; i++)
        {
            slices[i] = (i % 16 == place ? 2 : 0) + (float)random.NextDouble();
        }

        var labels = new Dictionary<string, bool> { ["upper"] = place >= 4 };
        if (index % 3 == 0)
        {
            labels["odd"] = place % 2 == 1;   // not known of the others
        }

        return new(new ManifestItem { Id = $"case{index}", Volume = "none", Findings = $"block {s_places[place]}.", Labels = labels }, volume, slices);
    }

    public static ContrastiveTask Task(ContrastiveNetworks networks, PretrainingSettings settings, IProcessGroup? group = null) =>
        new(networks, settings, new ContrastiveTexts(Tokenizer(), settings.Text, settings.TextTokens), group ?? new SingleProcess(), CPU);

    public static TrainingOutcome Run(ITrainingTask task, PretrainingSettings settings, string checkpoints, RunLog log, bool resume = false, int count = 32) =>
        new TrainingLoop(task, new BatchLoader(Data(count), new() { Batch = settings.Training.Batch, Seed = settings.Training.Seed }), settings.Training, new SingleProcess(), new CheckpointStore(checkpoints)) { Observers = [log] }
            .Run(resume, log.Stop);

    /// <summary>A stage-1 directory, trained or not.</summary>
    public static string Stage1(string directory, int? steps = 0)
    {
        var settings = Settings(1);
        using var task = Task(ContrastiveNetworks.Stage1(Sizes, settings.Training.Seed), settings);
        if (steps != 0)
        {
            using var log = new RunLog(steps);
            Run(task, settings, directory + "-checkpoints", log);
        }

        task.WriteModel(directory);
        File.WriteAllLines(Path.Combine(directory, Vocabulary), Enumerable.Range(0, Tokenizer().VocabularySize).Select(id => Pieces[id]));
        return directory;
    }

    private static string[] Pieces { get; } = [.. new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "block", "." }, .. s_places];
}
