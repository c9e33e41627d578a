namespace HSENet.Dicom.Phantoms;

/// <summary>An ellipsoid with axes along the world's.</summary>
internal sealed record Ellipsoid(WorldPoint Centre, double HalfX, double HalfY, double HalfZ) : IShape
{
    public WorldBox Box => WorldBox.Around(Centre, HalfX, HalfY, HalfZ);

    public bool Contains(in WorldPoint p) => Radius2(p) <= 1;

    /// <summary>Square of the normalised radius: 0 in the centre, 1 on the surface.</summary>
    public double Radius2(in WorldPoint p)
    {
        var (x, y, z) = ((p.X - Centre.X) / HalfX, (p.Y - Centre.Y) / HalfY, (p.Z - Centre.Z) / HalfZ);
        return x * x + y * y + z * z;
    }
}

/// <summary>An upright elliptic cylinder between two heights.</summary>
internal sealed record Column(double X, double Y, double HalfX, double HalfY, double Z0, double Z1) : IShape
{
    public WorldBox Box => new(X - HalfX, X + HalfX, Y - HalfY, Y + HalfY, Z0, Z1);

    public bool Contains(in WorldPoint p) => p.Z >= Z0 && p.Z <= Z1 && Radius2(p.X, p.Y) <= 1;

    public double Radius2(double x, double y)
    {
        var (dx, dy) = ((x - X) / HalfX, (y - Y) / HalfY);
        return dx * dx + dy * dy;
    }
}

/// <summary>A rod with round ends: a vessel.</summary>
internal sealed record Capsule(WorldPoint From, WorldPoint To, double Radius) : IShape
{
    public WorldBox Box => new(
        Math.Min(From.X, To.X) - Radius, Math.Max(From.X, To.X) + Radius,
        Math.Min(From.Y, To.Y) - Radius, Math.Max(From.Y, To.Y) + Radius,
        Math.Min(From.Z, To.Z) - Radius, Math.Max(From.Z, To.Z) + Radius);

    public bool Contains(in WorldPoint p)
    {
        var (ax, ay, az) = (To.X - From.X, To.Y - From.Y, To.Z - From.Z);
        var (px, py, pz) = (p.X - From.X, p.Y - From.Y, p.Z - From.Z);
        var t = Math.Clamp((px * ax + py * ay + pz * az) / Math.Max(ax * ax + ay * ay + az * az, 1e-9), 0, 1);
        var (dx, dy, dz) = (px - t * ax, py - t * ay, pz - t * az);
        return dx * dx + dy * dy + dz * dz <= Radius * Radius;
    }
}

/// <summary>An axis-parallel box.</summary>
internal sealed record Block(WorldBox Box) : IShape
{
    public bool Contains(in WorldPoint p) =>
        p.X >= Box.X0 && p.X <= Box.X1 && p.Y >= Box.Y0 && p.Y <= Box.Y1 && p.Z >= Box.Z0 && p.Z <= Box.Z1;
}

/// <summary>One pair of ribs: a ring on the chest wall that falls towards the front.</summary>
/// <param name="Wall">The ellipse it runs along.</param>
/// <param name="Z">Height at the back, mm.</param>
/// <param name="Fall">How far the front lies below the back, mm.</param>
/// <param name="Thickness">Half thickness in the plane and along z, mm.</param>
internal sealed record RibRing(Column Wall, double Z, double Fall, double Thickness) : IShape
{
    public WorldBox Box => new(
        Wall.X - Wall.HalfX - Thickness, Wall.X + Wall.HalfX + Thickness, Wall.Y - Wall.HalfY - Thickness, Wall.Y + Wall.HalfY + Thickness,
        Z - Fall - Thickness, Z + Thickness);

    public bool Contains(in WorldPoint p)
    {
        var z = Z - Fall * (Wall.Y + Wall.HalfY - p.Y) / (2 * Wall.HalfY);
        var across = (Math.Sqrt(Wall.Radius2(p.X, p.Y)) - 1) * Math.Min(Wall.HalfX, Wall.HalfY);
        return Math.Abs(p.Z - z) <= Thickness && Math.Abs(across) <= Thickness;
    }
}

/// <summary>One lung: an ellipsoid inside the chest wall and above the dome of the diaphragm.</summary>
internal sealed record Lung(Ellipsoid Outline, Column Wall, double Floor, double DomeHeight, double DomeWidth) : IShape
{
    public WorldBox Box => Outline.Box.Within(Wall.Box);

    public bool Contains(in WorldPoint p) => p.Z >= FloorAt(p.X, p.Y) && Outline.Contains(p) && Wall.Contains(p);

    /// <summary>Height of the diaphragm under a point, mm.</summary>
    public double FloorAt(double x, double y)
    {
        var (dx, dy) = ((x - Outline.Centre.X) / DomeWidth, (y - Outline.Centre.Y) / DomeWidth);
        return Floor + DomeHeight * Math.Exp(-(dx * dx + dy * dy));
    }
}

/// <summary>The part of a shape that lies in another one.</summary>
internal sealed record Clipped(IShape Shape, IShape Clip) : IShape
{
    public WorldBox Box => Shape.Box.Within(Clip.Box);

    public bool Contains(in WorldPoint p) => Shape.Contains(p) && Clip.Contains(p);
}
