namespace HSENet.Dicom.Content;

/// <summary>What pixels must show to be a chest. Where the numbers come from: deploy/docs/content-check.md.</summary>
public sealed record ContentLimits
{
    /// <summary>The limits used unless a site sets its own.</summary>
    public static ContentLimits Default { get; } = new();

    /// <summary>Least aerated lung, ml. Default 20: a new-born's has more.</summary>
    public double LeastLungMillilitres { get; init; } = 20;

    /// <summary>Least area of lung on the slice that shows most of it, as a share of the body's on that slice. Default 0.07.</summary>
    public double LeastLungShare { get; init; } = 0.07;

    /// <summary>
    /// Less lung than this share, as of <see cref="LeastLungShare"/>, must lie on both sides of the body's middle and within ribs
    /// (<see cref="LeastRibShare"/>): filled bowel does not. Default 0.12.
    /// </summary>
    public double SmallLungShare { get; init; } = 0.12;

    /// <summary>How often there must be bone between such lungs' sides and the outside. Default 0.2.</summary>
    public double LeastRibShare { get; init; } = 0.2;

    /// <summary>
    /// Least thickness of the body outside of the lungs (median of the rows, both sides) where they are as even as foam, within
    /// <see cref="EvenLungHu"/>: less is a cushion's strap or shell. mm, default 12.
    /// </summary>
    public double LeastWallMm { get; init; } = 12;

    /// <summary>From the tenth to the ninetieth percentile of the lungs' inside: less is even. HU, default 100.</summary>
    public double EvenLungHu { get; init; } = 100;

    /// <summary>
    /// A scan in which the lung is cut at one end and seen over less than this, and that goes on for <see cref="OtherRegionMm"/> or more
    /// without lung, is one of another region. For an adult: where the body is less than <see cref="AdultWidthMm"/> wide, in proportion.
    /// mm, default 100.
    /// </summary>
    public double LeastLungExtentMm { get; init; } = 100;

    /// <summary>Width of the body from which <see cref="LeastLungExtentMm"/> counts in full, mm.</summary>
    public const double AdultWidthMm = 250;

    /// <summary>See <see cref="LeastLungExtentMm"/>. mm, default 8.</summary>
    public double OtherRegionMm { get; init; } = 8;

    /// <summary>Lung on the outermost 8 mm at which it goes on beyond the scan, as a share of its largest area. Default 0.1.</summary>
    public double OpenEndShare { get; init; } = 0.1;

    /// <summary>Range of the median of the body's inside, HU. Default -150 to 200: fat is -100, muscle 50.</summary>
    public (double Low, double High) TissueHu { get; init; } = (-150, 200);

    /// <summary>How many times as much bone the front of the body must have as the back before the volume counts as turned. Default 2.</summary>
    public double TurnedBoneRatio { get; init; } = 2;

    /// <summary>
    /// Over how much of the scan the lungs must fill a quarter of the body for the spine to be looked for there; else they must be seen
    /// over 100 mm. mm, default 30.
    /// </summary>
    public double LeastWideExtentMm { get; init; } = 30;

    /// <summary>Least share of slices with a windpipe at one end of the lungs, and its complement at most at the other, before the ends count as exchanged. Default 0.6.</summary>
    public double WindpipeShare { get; init; } = 0.6;
}
