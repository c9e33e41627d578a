namespace HSENet.Trainer.DemoModels.Training;

/// <summary>How much the demonstration model is trained. Passes are over the cases and may be fractions.</summary>
/// <param name="Seed">Of everything that is drawn: first values, order, wording.</param>
/// <param name="Cases">Phantoms to train with.</param>
internal sealed record DemoSettings(int Seed = 2026, int Cases = 5000)
{
    public double SliceEncoderPasses { get; init; } = 1.5;

    public double Stage1Passes { get; init; } = 5;

    public double Stage2Passes { get; init; } = 2;

    public double LanguagePasses { get; init; } = 3;

    public double ReportPasses { get; init; } = 0.7;

    public double AnswerPasses { get; init; } = 1.2;

    public double Rate { get; init; } = 2e-3;

    /// <summary>Held-out phantoms that the card's numbers come from; 0: no numbers.</summary>
    public int HeldOut { get; init; } = 200;

    /// <summary>The seed of those: no case of theirs is one of training.</summary>
    public int HeldOutSeed => Seed + 1;

    /// <summary>The seed of the training phantoms.</summary>
    public int CorpusSeed => Seed;
}
