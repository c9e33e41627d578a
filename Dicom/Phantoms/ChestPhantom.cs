using HSENet.Dicom.Series;

namespace HSENet.Dicom.Phantoms;

/// <summary>A procedural chest CT: geometry from drawn shapes, nobody's data. Same seed and grid, same voxels.</summary>
public static class ChestPhantom
{
    /// <summary>Draws a chest into the given grid (world box 360 x 360 x 320 mm).</summary>
    public static CtVolume Create(int seed, int slices, int rows, int columns) => throw new NotImplementedException();
}

/// <summary>Writes a volume as a CT series, one Part 10 file for each slice.</summary>
public static class PhantomSeries
{
    /// <summary>UIDs derive from <paramref name="identity"/>: same identity, same UIDs.</summary>
    /// <returns>The files, feet first.</returns>
    public static IReadOnlyList<string> Write(CtVolume volume, string directory, Guid identity) => throw new NotImplementedException();
}
