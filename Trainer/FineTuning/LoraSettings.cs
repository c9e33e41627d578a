using HSENet.Model.Language;

namespace HSENet.Trainer.FineTuning;

/// <summary>The low-rank adapter on the four linear layers of every decoder layer.</summary>
internal sealed record LoraSettings
{
    /// <summary>Inner width of each pair.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>The adapter's output is scaled by alpha / rank.</summary>
    public double Alpha { get; init; } = 32;

    /// <summary>Share of the input that is dropped in training.</summary>
    public double Dropout { get; init; } = 0.05;

    public LoraConfig ToConfig() => new(Rank, Alpha) { Dropout = Dropout };
}
