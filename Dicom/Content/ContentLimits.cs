namespace HSENet.Dicom.Content;

/// <summary>What pixels must show to be a chest. Where the numbers come from: deploy/docs/content-check.md.</summary>
public sealed record ContentLimits
{
    /// <summary>The limits used unless a site sets its own.</summary>
    public static ContentLimits Default { get; } = new();

    /// <summary>Least aerated lung, ml. Default 20: a new-born's has more.</summary>
    public double LeastLungMillilitres { get; init; } = 20;

    /// <summary>Least area of lung on the slice that shows most of it, as a share of the body's on that slice. Default 0.05.</summary>
    public double LeastLungShare { get; init; } = 0.05;

    /// <summary>
    /// A scan in which the lung is cut at an end, is seen over less than this and over less than a third of the scan, and that goes on for more than
    /// <see cref="OtherRegionMm"/> without lung, is one of another region. mm, default 100.
    /// </summary>
    public double LeastLungExtentMm { get; init; } = 100;

    /// <summary>See <see cref="LeastLungExtentMm"/>. mm, default 150.</summary>
    public double OtherRegionMm { get; init; } = 150;

    /// <summary>Lung on the outermost 8 mm at which it goes on beyond the scan, as a share of its largest area. Default 0.1.</summary>
    public double OpenEndShare { get; init; } = 0.1;

    /// <summary>Range of the median of the body's inside, HU. Default -150 to 200: fat is -100, muscle 50.</summary>
    public (double Low, double High) TissueHu { get; init; } = (-150, 200);

    /// <summary>How many times as much bone the front of the body must have as the back before the volume counts as turned. Default 2.</summary>
    public double TurnedBoneRatio { get; init; } = 2;

    /// <summary>Least share of slices with a windpipe at one end of the lungs, and its complement at most at the other, before the ends count as exchanged. Default 0.6.</summary>
    public double WindpipeShare { get; init; } = 0.6;
}
