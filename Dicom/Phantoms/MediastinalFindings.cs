namespace HSENet.Dicom.Phantoms;

/// <summary>Draws what lies between the lungs.</summary>
internal sealed class MediastinalFindings(ChestAnatomy anatomy, PhantomFindingOptions options)
{
    private const int PlaqueCount = 10;

    public DrawnFinding AorticCalcification(PhantomRandom random)
    {
        var layers = new FindingLayer[PlaqueCount];
        var (across, along) = options.Large ? (5.5, 9.0) : (2.25, 4.5);
        for (var i = 0; i < layers.Length; i++)
        {
            var (sin, cos) = Math.SinCos(random.Between(0, 2 * Math.PI));
            var place = new WorldPoint(
                anatomy.Aorta.X + anatomy.AortaRadius * cos, anatomy.Aorta.Y + anatomy.AortaRadius * sin, random.Between(60, anatomy.Aorta.Z));
            layers[i] = new(new Ellipsoid(place, across, across, along), new(random.Between(500, 900)));
        }

        return new(new(PhantomFindingKind.AorticCalcification), layers, false);
    }

    public static DrawnFinding HiatalHernia(PhantomRandom random)
    {
        var (radius, centre) = (random.Between(20, 28), new WorldPoint(178 + random.Between(-5, 5), 205 + random.Between(-5, 5), 95 + random.Between(-5, 5)));
        var gas = new Ellipsoid(centre + new WorldPoint(0, -0.2 * radius, 0), 0.6 * radius, 0.5 * radius, 0.6 * radius);
        return new(
            new(PhantomFindingKind.HiatalHernia, SizeMm: (int)Math.Round(2 * radius)), [new(new Ellipsoid(centre, radius, radius, radius), new(30)), new(gas, new(-900))], false);
    }

    public DrawnFinding Lymphadenopathy(PhantomRandom random)
    {
        var count = 2 + (int)(3 * random.Next());
        var (layers, largest) = (new List<FindingLayer>(), 0.0);
        for (var i = 0; i < count; i++)
        {
            var radius = options.Large ? random.Between(10, 15) : random.Between(9, 13);
            var (sin, cos) = Math.SinCos(random.Between(0, 2 * Math.PI));
            var gap = anatomy.Trachea.HalfX + radius;
            var place = new WorldPoint(anatomy.Trachea.X + gap * cos, anatomy.Trachea.Y + gap * sin, random.Between(190, 245));
            var hu = options.Large ? random.Between(90, 120) : random.Between(60, 80);
            layers.Add(new(new Without(new Ellipsoid(place, radius, radius, radius * 1.2), anatomy.Trachea), new(hu)));
            largest = Math.Max(largest, 2 * radius);
        }

        return new(new(PhantomFindingKind.Lymphadenopathy, SizeMm: (int)Math.Round(largest)), layers, false);
    }

    public DrawnFinding PericardialEffusion(PhantomRandom random)
    {
        var (heart, thickness) = (anatomy.Heart, random.Between(8, 14));
        var sac = heart with { HalfX = heart.HalfX + thickness, HalfY = heart.HalfY + thickness, HalfZ = heart.HalfZ + thickness };
        return new(new(PhantomFindingKind.PericardialEffusion), [new(new Clipped(new Without(sac, heart), anatomy.ChestWall), new(random.Between(0, 15)))], false);
    }
}
