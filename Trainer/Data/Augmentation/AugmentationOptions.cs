namespace HSENet.Trainer.Data.Augmentation;

/// <summary>What is done to a volume in training. Probabilities and ranges default to those of the reference (hsenet.md 3.6); 0 switches one off.</summary>
internal sealed record AugmentationOptions
{
    /// <summary>The reference's.</summary>
    public static AugmentationOptions Reference { get; } = new();

    /// <summary>Nothing.</summary>
    public static AugmentationOptions None { get; } = new() { Rotate = 0, FlipDepth = 0, FlipAxis1 = 0, FlipAxis2 = 0, Scale = 0, Shift = 0 };

    /// <summary>For phantoms, whose texts name sides and lobes (ml.md 9.3): small moves and noise.</summary>
    public static AugmentationOptions Phantom { get; } = None with { MoveVoxels = (1, 3, 3), NoiseDeviation = 0.01f };

    /// <summary>Probability of a turn by 90, 180 or 270 degrees in the plane of axes 1 and 2, each as likely.</summary>
    public double Rotate { get; init; } = 0.5;

    public double FlipDepth { get; init; } = 0.1;

    public double FlipAxis1 { get; init; } = 0.1;

    public double FlipAxis2 { get; init; } = 0.1;

    /// <summary>Probability of a multiplication by 1 + u.</summary>
    public double Scale { get; init; } = 0.5;

    /// <summary>u is uniform within plus or minus this.</summary>
    public double ScaleRange { get; init; } = 0.1;

    /// <summary>Probability of adding u.</summary>
    public double Shift { get; init; } = 0.5;

    /// <summary>u is uniform within plus or minus this.</summary>
    public double ShiftRange { get; init; } = 0.1;

    /// <summary>
    /// No turn in the plane and no flip of the left-right axis: what the report calls left stays on the left. Default false, as in the reference, where
    /// neither text nor slice features turn with the volume.
    /// </summary>
    public bool KeepSides { get; init; }

    /// <summary>Largest move along each axis, voxels; every whole step is as likely, the border is repeated. Default none.</summary>
    public (int D, int H, int W) MoveVoxels { get; init; }

    /// <summary>Deviation of Gaussian noise. Default none.</summary>
    public float NoiseDeviation { get; init; }
}
