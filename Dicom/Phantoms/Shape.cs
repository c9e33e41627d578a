namespace HSENet.Dicom.Phantoms;

/// <summary>A point of the phantom's world, mm: x from the patient's right to left, y from front to back, z from feet to head.</summary>
internal readonly record struct WorldPoint(double X, double Y, double Z)
{
    public static WorldPoint operator +(WorldPoint a, WorldPoint b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);
}

/// <summary>An axis-parallel box, mm; a shape lies inside its box, so that only the voxels of the box are asked.</summary>
internal readonly record struct WorldBox(double X0, double X1, double Y0, double Y1, double Z0, double Z1)
{
    public static WorldBox Everything { get; } = new(double.MinValue, double.MaxValue, double.MinValue, double.MaxValue, double.MinValue, double.MaxValue);

    public static WorldBox Around(WorldPoint centre, double x, double y, double z) =>
        new(centre.X - x, centre.X + x, centre.Y - y, centre.Y + y, centre.Z - z, centre.Z + z);

    public WorldBox Within(WorldBox other) => new(
        Math.Max(X0, other.X0), Math.Min(X1, other.X1), Math.Max(Y0, other.Y0), Math.Min(Y1, other.Y1), Math.Max(Z0, other.Z0), Math.Min(Z1, other.Z1));
}

/// <summary>Something that can be drawn.</summary>
internal interface IShape
{
    WorldBox Box { get; }

    bool Contains(in WorldPoint p);
}

/// <summary>What a shape is filled with.</summary>
/// <param name="Hu">Density, HU, at <paramref name="FromY"/>.</param>
/// <param name="PerMmBack">Rise towards the back, HU per mm: dependent lung is denser.</param>
/// <param name="FromY">Where the rise starts, mm.</param>
internal readonly record struct Tissue(double Hu, double PerMmBack = 0, double FromY = 0)
{
    public static Tissue Air { get; } = new(-1000);

    public float At(in WorldPoint p) => (float)(Hu + PerMmBack * (p.Y - FromY));
}
