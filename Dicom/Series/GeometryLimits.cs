namespace HSENet.Dicom.Series;

/// <summary>
/// What a series must keep to be read as one right-angled volume. Nothing outside these limits is repaired or interpolated: it is refused.
/// </summary>
public sealed record GeometryLimits
{
    /// <summary>The limits used unless a site sets its own.</summary>
    public static GeometryLimits Default { get; } = new();

    /// <summary>
    /// Fewest slices. Default 8: below it neither spacing nor gaps can be judged. It is no statement about coverage, which the pixels tell.
    /// </summary>
    public int MinimumSliceCount { get; init; } = 8;

    /// <summary>Most slices. Default 2000.</summary>
    public int MaximumSliceCount { get; init; } = 2000;

    /// <summary>Fewest rows and columns. Default 16.</summary>
    public int MinimumMatrix { get; init; } = 16;

    /// <summary>Most rows and most columns. Default 2048.</summary>
    public int MaximumMatrix { get; init; } = 2048;

    /// <summary>Most voxels of one volume (two bytes each), below 2 Gi. Default 512 Mi, one GiB.</summary>
    public long MaximumVoxelCount { get; init; } = 512L * 1024 * 1024;

    /// <summary>Largest file of one slice, bytes. Default 256 MiB: one is held in memory while it is decoded.</summary>
    public long MaximumFileBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Largest Pixel Spacing, mm. Default 20.</summary>
    public double MaximumPixelSpacingMm { get; init; } = 20;

    /// <summary>Largest distance between neighbouring slices, mm. Default 12.5: beyond it the slices are samples, not a volume.</summary>
    public double MaximumSliceSpacingMm { get; init; } = 12.5;

    /// <summary>Slices nearer to each other than this lie at the same position, mm. Default 0.01.</summary>
    public double DuplicatePositionMm { get; init; } = 0.01;

    /// <summary>How far a slice may lie off the even grid that fits all slices best, as a share of the spacing. Default 0.05.</summary>
    public double SpacingToleranceFraction { get; init; } = 0.05;

    /// <summary>How far a slice may lie off that grid, mm. Default 0.05. The larger of both counts.</summary>
    public double SpacingToleranceMm { get; init; } = 0.05;

    /// <summary>
    /// Positions are written to a last decimal place, and half of it may be added to the tolerance while it is no more than this share of the spacing. Default 0.1: beyond
    /// it nobody can tell rounding from slices that do lie unevenly.
    /// </summary>
    public double RoundingToleranceFraction { get; init; } = 0.1;

    /// <summary>Largest angle between the slice normal and the patient's long axis, degrees. Default 5.</summary>
    public double MaximumTiltDegrees { get; init; } = 5;

    /// <summary>
    /// Largest tilt of the gantry that is sheared back, degrees. Default 0: none is, a tilted stack is refused. Scanners tilt by 30 at most.
    /// </summary>
    public double CorrectedTiltDegrees { get; init; }

    /// <summary>Largest angle between the line through the slice positions and the slice normal (shear), degrees. Default 1.</summary>
    public double MaximumShearDegrees { get; init; } = 1;

    /// <summary>In-plane shift of a slice that is taken for rounding of its position, mm. Default 0.5.</summary>
    public double InPlaneShiftMm { get; init; } = 0.5;

    /// <summary>Largest turn of rows against the patient's axes within the slice plane, degrees. Default 20.</summary>
    public double MaximumInPlaneRotationDegrees { get; init; } = 20;

    /// <summary>Largest angle between the orientations of two slices of one series, degrees. Default 0.2.</summary>
    public double MaximumOrientationDifferenceDegrees { get; init; } = 0.2;

    /// <summary>How far the direction cosines may be from unit length and right angles. Default 0.001; more where they are written to two decimals only.</summary>
    public double DirectionCosineTolerance { get; init; } = 0.001;
}
