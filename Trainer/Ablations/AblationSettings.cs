namespace HSENet.Trainer.Ablations;

/// <summary>How much each arm is trained and measured. Passes are over the cases and may be fractions.</summary>
internal sealed record AblationSettings
{
    /// <summary>Phantoms to train with, for each seed others.</summary>
    public int Cases { get; init; } = 600;

    /// <summary>Held-out phantoms in which retrieval searches, for each seed others.</summary>
    public int HeldOut { get; init; } = 200;

    /// <summary>The first so many of those get a report.</summary>
    public int Reports { get; init; } = 80;

    /// <summary>0: stage 1 is that of the model directory, for every seed; above: trained from nothing for each seed.</summary>
    public double Stage1Passes { get; init; }

    public double Stage2Passes { get; init; } = 3;

    public double ReportPasses { get; init; } = 4;

    /// <summary>Highest learning rate of the contrastive stages.</summary>
    public double ContrastiveRate { get; init; } = 2e-3;

    /// <summary>Highest learning rate of packers and low-rank matrices.</summary>
    public double ReportRate { get; init; } = 3e-3;

    /// <summary>Of the low-rank matrices over the frozen language model.</summary>
    public int LoraRank { get; init; } = 16;

    /// <exception cref="TrainerException"><c>settings.range</c>.</exception>
    public AblationSettings Validated()
    {
        Require(Cases is >= 20 and <= 100_000, "cases is not 20 to 100000");
        Require(HeldOut is >= 10 and <= 10_000, "heldOut is not 10 to 10000");
        Require(Reports >= 2 && Reports <= HeldOut, "reports is not 2 to heldOut");
        Require(Stage1Passes is >= 0 and <= 1000 && Stage2Passes is > 0 and <= 1000 && ReportPasses is > 0 and <= 1000, "passes are out of their range");
        Require(ContrastiveRate is > 0 and < 1 && ReportRate is > 0 and < 1, "a rate is out of its range");
        Require(LoraRank is >= 1 and <= 1024, "loraRank is not 1 to 1024");
        return this;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new TrainerException("settings.range", message + ".");
        }
    }
}
