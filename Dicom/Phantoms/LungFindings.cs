namespace HSENet.Dicom.Phantoms;

/// <summary>Draws what lies in the lungs and their pleural spaces. A lesion finds its place among what was drawn before it, or is not drawn.</summary>
internal sealed class LungFindings(ChestAnatomy anatomy, PhantomFindingOptions options)
{
    private const int PlaceTries = 400;
    private const int BullaCount = 14;
    private const int MostNodules = 3;

    /// <summary>What lesions keep out of.</summary>
    private readonly List<IShape> _taken = [];

    public DrawnFinding PleuralEffusion(PhantomRandom random)
    {
        var (sides, hu, fraction) = (DrawSides(random), random.Between(0, 18), random.Between(0.22, 0.42));
        var layers = Lungs(sides).Select(lung =>
        {
            var outline = lung.Outline;
            return new FindingLayer(Take(new EffusionSpace(lung, outline.Centre.Y + outline.HalfY * (1 - 2 * fraction), outline.Centre.Z)), new(hu));
        });
        var extent = fraction < 0.32 ? PhantomExtent.Small : PhantomExtent.Moderate;
        return new(new(PhantomFindingKind.PleuralEffusion, sides, Extent: extent), [.. layers], true);
    }

    public DrawnFinding Pneumothorax(PhantomRandom random)
    {
        var side = DrawSide(random);
        var lung = Lungs(side).Single();
        var inner = options.Large ? random.Between(0.38, 0.52) : random.Between(0.42, 0.58);
        var back = lung.Outline.Centre.Y + (options.Large ? 15 : 0);
        var space = Take(new PneumothoraxSpace(lung, inner, 2, back));
        var edge = new PneumothoraxSpace(lung, inner, inner + (options.Large ? 0.09 : 0.03), back); // the pleura of the collapsed lung
        return new(new(PhantomFindingKind.Pneumothorax, side), [new(space, Tissue.Air), new(edge, new(-350))], true);
    }

    public DrawnFinding Emphysema(PhantomRandom random)
    {
        var layers = new List<FindingLayer>();
        foreach (var lung in Lungs(PhantomSide.Both))
        {
            for (var i = 0; i < BullaCount; i++)
            {
                var (centre, radius) = (lung.Outline.Centre, random.Between(14, 26));
                var place = new WorldPoint(
                    centre.X + random.Between(-0.8, 0.8) * lung.Outline.HalfX,
                    centre.Y + random.Between(-0.8, 0.8) * lung.Outline.HalfY,
                    centre.Z + random.Between(0.05, 0.85) * lung.Outline.HalfZ);
                layers.Add(new(new Clipped(new Ellipsoid(place, radius, radius, radius), lung), new(random.Between(-990, -960))));
            }
        }

        return new(new(PhantomFindingKind.Emphysema, PhantomSide.Both, PhantomLobe.Upper), layers, true);
    }

    public IEnumerable<DrawnFinding> Nodules(PhantomRandom random)
    {
        var count = 1 + (int)(random.Next() * random.Next() * MostNodules);
        for (var i = 0; i < count; i++)
        {
            var millimetres = options.Large ? random.Between(24, 45) : random.Between(8, 30);
            if (Lesion(random, PhantomFindingKind.Nodule, millimetres, new(random.Between(20, 60)), 0, 1) is { } nodule)
            {
                yield return nodule;
            }
        }
    }

    public DrawnFinding? Consolidation(PhantomRandom random) =>
        Lesion(random, PhantomFindingKind.Consolidation, random.Between(50, 70), new(random.Between(10, 50)), 40, 0.8);

    public DrawnFinding? GroundGlass(PhantomRandom random) =>
        Lesion(random, PhantomFindingKind.GroundGlass, random.Between(45, 65), new(random.Between(-650, -500)), 40, 0.9);

    public DrawnFinding? Atelectasis(PhantomRandom random) =>
        Lesion(random, PhantomFindingKind.Atelectasis, random.Between(50, 65), new(random.Between(-50, 20)), 0, options.Large ? 0.25 : 0.12, PhantomLobe.Lower);

    /// <summary>An ellipsoid whose middle, and whose room about it, is free lung.</summary>
    private DrawnFinding? Lesion(
        PhantomRandom random, PhantomFindingKind kind, double millimetres, Tissue tissue, double texture, double flatness, PhantomLobe only = PhantomLobe.None)
    {
        for (var i = 0; i < PlaceTries; i++)
        {
            var side = DrawSide(random);
            var (lung, lobe) = (Lungs(side).Single(), DrawLobe(random, side));
            lobe = only == PhantomLobe.None ? lobe : only;
            var centre = DrawPlace(random, lung.Outline, lobe);
            var radius = Math.Round(millimetres) / 2;
            var shape = new Ellipsoid(centre, radius, radius, radius * flatness);
            if (IsFree(shape, lung, kind == PhantomFindingKind.Nodule ? 0.9 : 0.7))
            {
                Take(shape with { HalfX = radius + 4, HalfY = radius + 4, HalfZ = shape.HalfZ + 8 });
                var finding = new PhantomFinding(kind, side, lobe, (int)Math.Round(millimetres));
                return new(finding, [new(new Clipped(shape, lung), tissue, texture)], true);
            }
        }

        return null;
    }

    private static WorldPoint DrawPlace(PhantomRandom random, Ellipsoid lung, PhantomLobe lobe)
    {
        var (x, across) = (random.Between(-0.75, 0.75) * lung.HalfX, random.Between(-0.75, 0.75) * lung.HalfY);
        var (y, z) = lobe switch
        {
            PhantomLobe.Upper => (across, random.Between(25, 80)),
            PhantomLobe.Middle => (-Math.Abs(across), random.Between(-15, 12)),
            _ => (across, random.Between(-80, -25)),
        };
        return lung.Centre + new WorldPoint(x, y, z);
    }

    /// <summary>Middle and six points of the surface (moved inwards) are lung and nothing else.</summary>
    private bool IsFree(Ellipsoid shape, Lung lung, double share)
    {
        WorldPoint[] away =
        [
            new(0, 0, 0), new(share * shape.HalfX, 0, 0), new(-share * shape.HalfX, 0, 0), new(0, share * shape.HalfY, 0), new(0, -share * shape.HalfY, 0),
            new(0, 0, share * shape.HalfZ), new(0, 0, -share * shape.HalfZ),
        ];
        return away.All(step => IsFreeLung(shape.Centre + step, lung));
    }

    private bool IsFreeLung(WorldPoint p, Lung lung) =>
        lung.Contains(p) && !anatomy.Heart.Contains(p) && Math.Abs(p.X - anatomy.MediastinumX) > anatomy.MediastinumHalfWidth
        && !_taken.Exists(shape => shape.Contains(p));

    private IEnumerable<Lung> Lungs(PhantomSide side)
    {
        if (side is PhantomSide.Right or PhantomSide.Both)
        {
            yield return anatomy.RightLung;
        }

        if (side is PhantomSide.Left or PhantomSide.Both)
        {
            yield return anatomy.LeftLung;
        }
    }

    private T Take<T>(T shape)
        where T : IShape
    {
        _taken.Add(shape);
        return shape;
    }

    private static PhantomSide DrawSide(PhantomRandom random) => random.Next() < 0.5 ? PhantomSide.Right : PhantomSide.Left;

    private static PhantomSide DrawSides(PhantomRandom random) => random.Next() < 0.3 ? PhantomSide.Both : DrawSide(random);

    private static PhantomLobe DrawLobe(PhantomRandom random, PhantomSide side) => random.Next() switch
    {
        < 0.2 when side == PhantomSide.Right => PhantomLobe.Middle,
        < 0.6 => PhantomLobe.Upper,
        _ => PhantomLobe.Lower,
    };
}
