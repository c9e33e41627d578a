namespace HSENet.Trainer.Training;

/// <summary>
/// Measuring on the way, where a manifest for it is given. Defaults are those of the reference's contrastive stages (hsenet.md 4.2). Nothing of the
/// training depends on it: a resumed run may have other values.
/// </summary>
internal sealed record ValidationSettings
{
    /// <summary>Share of all steps between two measurements; there is one after the last step as well.</summary>
    public double Share { get; init; } = 0.04;

    /// <summary>The first so many items of the manifest (studies, reports or questions); 0: all.</summary>
    public int Items { get; init; } = 512;

    /// <summary>Steps between two measurements: the share, rounded up.</summary>
    public long Interval(long steps) => Math.Max(1, (long)Math.Ceiling((decimal)Share * steps));

    /// <exception cref="TrainerException"><c>settings.range</c>: names the setting.</exception>
    public ValidationSettings Validated() =>
        Share is not (> 0 and <= 1) ? throw new TrainerException("settings.range", "validation.share is not above 0 and up to 1.")
        : Items < 0 ? throw new TrainerException("settings.range", "validation.items is negative.")
        : this;
}
