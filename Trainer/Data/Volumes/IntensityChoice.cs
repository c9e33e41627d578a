namespace HSENet.Trainer.Data.Volumes;

/// <summary>Where the HU of a volume came from.</summary>
internal enum IntensityChoice
{
    /// <summary>The file gives HU, and nothing else was at hand.</summary>
    File,

    /// <summary>The manifest has slope and intercept, and they were left aside: the file holds HU already.</summary>
    AlreadyHu,

    /// <summary>Slope and intercept of the manifest were applied.</summary>
    Table,
}
