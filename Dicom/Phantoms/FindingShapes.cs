namespace HSENet.Dicom.Phantoms;

/// <summary>Fluid in the pleural space of a patient on the back: behind a level, below a height.</summary>
/// <param name="Lung">Whose space.</param>
/// <param name="LevelY">In front of it is lung, mm.</param>
/// <param name="TopZ">Above it is lung, mm.</param>
internal sealed record EffusionSpace(Lung Lung, double LevelY, double TopZ) : IShape
{
    public WorldBox Box => Lung.Box.Within(WorldBox.Everything with { Y0 = LevelY, Z1 = TopZ });

    public bool Contains(in WorldPoint p) => p.Y >= LevelY && p.Z <= TopZ && Lung.Contains(p);
}

/// <summary>Air in the pleural space of a patient on the back: the front rim of the lung.</summary>
/// <param name="Lung">Whose space.</param>
/// <param name="Inner">Normalised radius of the lung that is left, 0..1.</param>
/// <param name="Outer">Normalised radius where the shape ends; above 1: the chest wall.</param>
/// <param name="BackY">Behind it is lung, mm.</param>
internal sealed record PneumothoraxSpace(Lung Lung, double Inner, double Outer, double BackY) : IShape
{
    public WorldBox Box => Lung.Box.Within(WorldBox.Everything with { Y1 = BackY });

    public bool Contains(in WorldPoint p)
    {
        var radius2 = Lung.Outline.Radius2(p);
        return p.Y <= BackY && radius2 >= Inner * Inner && radius2 <= Outer * Outer && Lung.Contains(p);
    }
}

/// <summary>The part of a shape that does not lie in another one.</summary>
internal sealed record Without(IShape Shape, IShape Hole) : IShape
{
    public WorldBox Box => Shape.Box;

    public bool Contains(in WorldPoint p) => Shape.Contains(p) && !Hole.Contains(p);
}
