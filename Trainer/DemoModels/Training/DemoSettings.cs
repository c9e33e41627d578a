namespace HSENet.Trainer.DemoModels.Training;

/// <summary>How much the demonstration model is trained. Passes are over the cases and may be fractions.</summary>
/// <param name="Seed">Of everything that is drawn: first values, order, wording.</param>
/// <param name="Cases">Phantoms to train with.</param>
internal sealed record DemoSettings(int Seed = 2026, int Cases = 5000)
{
    public double SliceEncoderPasses { get; init; } = 2;

    public double Stage1Passes { get; init; } = 8.5;

    public double Stage2Passes { get; init; } = 3;

    public double LanguagePasses { get; init; } = 5;

    public double ReportPasses { get; init; } = 1;

    public double AnswerPasses { get; init; } = 2;

    /// <summary>Other phantoms, for each further round.</summary>
    public int FurtherCases => Math.Max(20, Cases / 2);

    public double FurtherLanguagePasses { get; init; } = 4;

    public double FurtherReportPasses { get; init; } = 1;

    public double FurtherAnswerPasses { get; init; } = 2;

    /// <summary>Highest learning rate of the contrastive stages.</summary>
    public double Rate { get; init; } = 3e-3;

    /// <summary>Highest learning rate of the language model; its adapters get half of it.</summary>
    public double LanguageRate { get; init; } = 2e-3;

    /// <summary>Held-out phantoms that the card's numbers come from; 0: no numbers.</summary>
    public int HeldOut { get; init; } = 200;

    /// <summary>The seed of those.</summary>
    public int HeldOutSeed => Seed;

    /// <summary>The seed of the training phantoms, and less the number of the round those of the further ones: far from those that people choose for a test.</summary>
    public int CorpusSeed => int.MaxValue - Seed;
}
