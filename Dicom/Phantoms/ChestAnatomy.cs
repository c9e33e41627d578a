namespace HSENet.Dicom.Phantoms;

/// <summary>
/// One drawn patient: all sizes, places and densities, in mm and HU. The order of the draws is fixed; a new part forks its own stream. Parts stay apart from their
/// painting, so that findings can be placed in and painted over them.
/// </summary>
internal sealed class ChestAnatomy
{
    private const double Middle = PhantomCanvas.WidthMm / 2;
    private const double BodyY = 185;
    private const double Jitter = 6;
    private const double Top = PhantomCanvas.HeightMm;
    private const double HeartHalfX = 55;
    private const double EnlargedRatio = 0.52; // cardiothoracic; above 0.5 a heart is called enlarged
    private const int VesselCount = 14;
    private const int RibCount = 6;
    private const double RibStepMm = 38;

    /// <param name="random">The case.</param>
    /// <param name="heartScale">Of a diseased heart, at the least; null: a healthy one.</param>
    public ChestAnatomy(PhantomRandom random, double? heartScale = null)
    {
        var body = random.Fork(1);
        var (halfX, halfY) = (body.Between(150, 172), body.Between(105, 125));
        Skin = new(Middle, BodyY, halfX, halfY, 0, Top);
        Muscle = new(Middle, BodyY, halfX - body.Between(14, 24), halfY - body.Between(12, 20), 0, Top);
        ChestWall = new(Middle, BodyY, Muscle.HalfX - 8, Muscle.HalfY - 8, 0, Top);
        (FatHu, MuscleHu) = (body.Between(-110, -90), body.Between(40, 60));

        var lungs = random.Fork(2);
        RightLung = DrawLung(lungs, 112, 1);
        LeftLung = DrawLung(lungs, 250, 0.93);
        LungTissue = new(lungs.Between(-870, -820), lungs.Between(0.15, 0.35), BodyY - 90);

        var organs = random.Fork(3);
        LiverHu = organs.Between(50, 65);
        var healthy = organs.Between(0.9, 1.02);
        var scale = heartScale is { } enlarged ? Math.Max(enlarged, EnlargedRatio * ChestWall.HalfX / HeartHalfX) : healthy;
        Heart = new(Jittered(organs, 205, 140, 115), HeartHalfX * scale, 45 * scale, 52 * scale);
        HeartHu = organs.Between(38, 50);
        MediastinumHalfWidth = organs.Between(26, 32);
        MediastinumX = 182 + organs.Between(-Jitter, Jitter) / 2;
        MediastinumHu = organs.Between(-20, 20);
        Trachea = new(180 + organs.Between(-Jitter, Jitter) / 2, 165 + organs.Between(-Jitter, Jitter), 9, 9, 205, Top);
        AortaRadius = organs.Between(12, 15);
        Aorta = Jittered(organs, 205, 215, 250);
        AortaHu = organs.Between(38, 48);

        var bones = random.Fork(4);
        Spine = (Middle + bones.Between(-Jitter, Jitter) / 2, 250 + bones.Between(-Jitter, Jitter));
        SpineRadius = bones.Between(17, 21);
        (SpineHu, RibHu) = (bones.Between(200, 320), bones.Between(350, 600));
        RibFall = bones.Between(30, 50);
        LowestRibZ = bones.Between(70, 82);
        RibThickness = bones.Between(4, 5.5);

        RightVessels = DrawVessels(random.Fork(5), RightLung, hilumX: 152);
        LeftVessels = DrawVessels(random.Fork(6), LeftLung, hilumX: 214);
        Noise = random.Fork(7).Between(8, 20);
    }

    public Column Skin { get; }

    public Column Muscle { get; }

    /// <summary>Inner surface of the chest.</summary>
    public Column ChestWall { get; }

    public Lung RightLung { get; }

    public Lung LeftLung { get; }

    public Tissue LungTissue { get; }

    public Ellipsoid Heart { get; }

    public Column Trachea { get; }

    /// <summary>Centre of the descending aorta at the height of the arch.</summary>
    public WorldPoint Aorta { get; }

    public double AortaRadius { get; }

    public double Noise { get; }

    private double FatHu { get; }

    private double MuscleHu { get; }

    private double LiverHu { get; }

    private double HeartHu { get; }

    public double MediastinumX { get; }

    public double MediastinumHalfWidth { get; }

    private double MediastinumHu { get; }

    private double AortaHu { get; }

    private (double X, double Y) Spine { get; }

    private double SpineRadius { get; }

    private double SpineHu { get; }

    private double RibHu { get; }

    private double RibFall { get; }

    private double LowestRibZ { get; }

    private double RibThickness { get; }

    private IReadOnlyList<(Capsule Shape, double Hu)> RightVessels { get; }

    private IReadOnlyList<(Capsule Shape, double Hu)> LeftVessels { get; }

    /// <summary>Paints the chest, from the outside in.</summary>
    /// <param name="canvas">Target.</param>
    /// <param name="inLungs">Paints what lies in the lungs, before heart and mediastinum cover their part of them.</param>
    public void Paint(PhantomCanvas canvas, Action<PhantomCanvas>? inLungs = null)
    {
        canvas.Paint(Skin, new(FatHu));
        canvas.Paint(Muscle, new(MuscleHu));
        var liver = new Block(new(0, Middle + 20, 0, PhantomCanvas.DepthMm, 0, RightLung.Floor + RightLung.DomeHeight));
        canvas.Paint(new Clipped(liver, ChestWall), new(LiverHu));
        foreach (var (lung, vessels) in new[] { (RightLung, RightVessels), (LeftLung, LeftVessels) })
        {
            canvas.Paint(lung, LungTissue);
            foreach (var (vessel, hu) in vessels)
                canvas.Paint(new Clipped(vessel, lung), new(hu));
        }

        inLungs?.Invoke(canvas);
        var slab = new Block(new(MediastinumX - MediastinumHalfWidth, MediastinumX + MediastinumHalfWidth, 0, PhantomCanvas.DepthMm, 90, Top));
        canvas.Paint(new Clipped(slab, ChestWall), new(MediastinumHu));
        canvas.Paint(new Clipped(Heart, ChestWall), new(HeartHu));
        PaintAorta(canvas);
        canvas.Paint(Trachea, Tissue.Air);
        PaintBones(canvas);
    }

    private void PaintAorta(PhantomCanvas canvas)
    {
        var tissue = new Tissue(AortaHu);
        canvas.Paint(new Column(Aorta.X, Aorta.Y, AortaRadius, AortaRadius, 0, Aorta.Z), tissue);
        var (front, rise) = (new WorldPoint(MediastinumX - 4, 145, Aorta.Z - 20), new WorldPoint(0, 0, AortaRadius));
        var crown = new WorldPoint((Aorta.X + front.X) / 2, (Aorta.Y + front.Y) / 2, Aorta.Z) + rise;
        canvas.Paint(new Capsule(Aorta, crown, AortaRadius), tissue);
        canvas.Paint(new Capsule(crown, front, AortaRadius), tissue);
        canvas.Paint(new Capsule(front, new(Heart.Centre.X - 10, Heart.Centre.Y, Heart.Centre.Z + Heart.HalfZ / 2), AortaRadius), tissue);
    }

    private void PaintBones(PhantomCanvas canvas)
    {
        canvas.Paint(new Column(Spine.X, Spine.Y, SpineRadius, SpineRadius, 0, Top), new(SpineHu));
        canvas.Paint(new Column(Spine.X, Spine.Y + 22, 8, 8, 0, Top), new(20));
        var wall = ChestWall with { HalfX = ChestWall.HalfX + 4, HalfY = ChestWall.HalfY + 4 };
        for (var i = 0; i < RibCount; i++)
            canvas.Paint(new RibRing(wall, LowestRibZ + i * RibStepMm, RibFall, RibThickness), new(RibHu));
    }

    private Lung DrawLung(PhantomRandom random, double x, double scale)
    {
        var centre = Jittered(random, x, 178, 165);
        var outline = new Ellipsoid(centre, random.Between(58, 66) * scale, random.Between(78, 90) * scale, random.Between(135, 150) * scale);
        return new(outline, ChestWall, random.Between(30, 45), 25, 45);
    }

    /// <summary>Vessels leave the hilum outwards in all directions; the lung clips them.</summary>
    private static (Capsule Shape, double Hu)[] DrawVessels(PhantomRandom random, Lung lung, double hilumX)
    {
        var centre = lung.Outline.Centre;
        var side = Math.Sign(centre.X - Middle);
        var vessels = new (Capsule, double)[VesselCount];
        for (var i = 0; i < vessels.Length; i++)
        {
            var from = new WorldPoint(hilumX + random.Between(-4, 4), centre.Y - 5 + random.Between(-8, 8), 175 + random.Between(-15, 15));
            var (sin, cos) = Math.SinCos(random.Between(-1.2, 1.2));
            var (up, level) = Math.SinCos(random.Between(-1.2, 1.2));
            var length = random.Between(40, 110);
            var to = from + new WorldPoint(side * cos * level * length, sin * level * length, up * length);
            vessels[i] = (new(from, to, random.Between(2.5, 4.5)), random.Between(-300, 20));
        }

        return vessels;
    }

    private static WorldPoint Jittered(PhantomRandom random, double x, double y, double z) =>
        new(x + random.Between(-Jitter, Jitter), y + random.Between(-Jitter, Jitter), z + random.Between(-Jitter, Jitter));
}
