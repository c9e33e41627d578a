namespace HSENet.Model;

/// <summary>
/// A CT volume as handed to the model: HU, spacing and the patient direction of each axis. The axes may run in any order and direction; the model
/// turns them. A volume that contradicts itself is refused with <see cref="HSENetModelException"/>, code <c>model.input</c>.
/// </summary>
public sealed record CtInput
{
    /// <summary>HU, row-major over the three axes.</summary>
    public required short[] Hu { get; init; }

    /// <summary>Length of each axis; the product is the length of <see cref="Hu"/>.</summary>
    public required (int A0, int A1, int A2) Shape { get; init; }

    /// <summary>Voxel spacing along each axis, mm; positive.</summary>
    public required (double A0, double A1, double A2) SpacingMm { get; init; }

    /// <summary>Patient direction in which each index increases, each one of L R A P S I: every patient axis once.</summary>
    public required (char A0, char A1, char A2) Axes { get; init; }
}
