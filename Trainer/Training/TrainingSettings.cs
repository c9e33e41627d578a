using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training;

/// <summary>How a run is optimised. Defaults are those of the reference's stages (hsenet.md 4.2).</summary>
internal sealed record TrainingSettings
{
    /// <summary>Passes over the data.</summary>
    public int Epochs { get; init; } = 50;

    /// <summary>Studies of one forward pass, over all processes together; each takes its equal share. A contrastive loss sees all of them.</summary>
    public int Batch { get; init; } = 24;

    /// <summary>Forward passes whose gradients are averaged into one optimiser step.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Largest learning rate, reached after the warm-up.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Decoupled decay of AdamW; biases and weights of norms are left out.</summary>
    public double WeightDecay { get; init; } = 0.1;

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.999;

    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Share of the steps in which the learning rate rises from 0; after them it falls to 0 along a cosine.</summary>
    public double WarmupShare { get; init; } = 0.03;

    /// <summary>Longest gradient, over all parameters; 0: not clipped.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Every draw of the run follows from it.</summary>
    public int Seed { get; init; } = 42;

    /// <summary><c>auto</c> (a GPU when there is one), <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary><c>fp32</c>; <c>bf16</c>: products in bfloat16 over fp32 weights (autocast); <c>auto</c>: bf16 on a GPU, else fp32.</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>Steps between two checkpoints; one is written at the end and on a stop as well.</summary>
    public int CheckpointInterval { get; init; } = 200;

    /// <summary>Threads that read and augment studies ahead of the network.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Threads of the tensor library; 0: what <c>OMP_NUM_THREADS</c> says, else one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>Whether products are in bfloat16 on a device.</summary>
    public bool UsesBFloat16(Device device) => Precision == "bf16" || (Precision == "auto" && device.type == DeviceType.CUDA);

    /// <exception cref="TrainerException"><c>settings.range</c>: names the setting.</exception>
    public TrainingSettings Validated()
    {
        Require(Epochs is >= 1 and <= 100_000, nameof(Epochs));
        Require(Batch is >= 1 and <= 65_536, nameof(Batch));
        Require(Accumulation is >= 1 and <= 65_536, nameof(Accumulation));
        Require(LearningRate is > 0 and < 10, nameof(LearningRate));
        Require(WeightDecay is >= 0 and < 10, nameof(WeightDecay));
        Require(Beta1 is >= 0 and < 1, nameof(Beta1));
        Require(Beta2 is >= 0 and < 1, nameof(Beta2));
        Require(Epsilon is > 0 and < 1, nameof(Epsilon));
        Require(WarmupShare is >= 0 and < 1, nameof(WarmupShare));
        Require(ClipNorm is >= 0 && double.IsFinite(ClipNorm), nameof(ClipNorm));
        Require(CheckpointInterval >= 1, nameof(CheckpointInterval));
        Require(Threads is >= 0 and <= 1024, nameof(Threads));
        Require(Workers is >= 1 and <= 256, nameof(Workers));
        return Precision is "auto" or "fp32" or "bf16"
            ? this
            : throw new TrainerException("settings.range", $"training.precision '{Precision}' is none of auto, fp32, bf16.");
    }

    private static void Require(bool holds, string name)
    {
        if (!holds)
        {
            throw new TrainerException("settings.range", $"training.{char.ToLowerInvariant(name[0])}{name[1..]} is out of its range.");
        }
    }
}
