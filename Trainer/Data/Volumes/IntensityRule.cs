namespace HSENet.Trainer.Data.Volumes;

/// <summary>When the slope and intercept of a manifest are applied to the voxels of a NIfTI file (after those of its own header).</summary>
internal enum IntensityRule
{
    /// <summary>Unless the voxels are HU already: the 1st percentile inside the scanned circle is -900 or less.</summary>
    Auto,

    /// <summary>Never: every file holds HU.</summary>
    Hu,

    /// <summary>Always.</summary>
    Table,
}
