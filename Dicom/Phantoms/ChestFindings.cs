namespace HSENet.Dicom.Phantoms;

/// <summary>
/// The findings of one case. Each kind draws from its own stream, so that more or fewer of one kind change no other; only places give way to what is
/// there already.
/// </summary>
internal sealed class ChestFindings
{
    private const ulong FirstStream = 200;
    private const ulong TextureStream = 300;

    private readonly List<DrawnFinding> _drawn = [];
    private readonly PhantomRandom _texture;

    public ChestFindings(PhantomRandom random, PhantomFindingOptions options)
    {
        _texture = random.Fork(TextureStream);
        var streams = options.Kinds.ToDictionary(kind => kind, kind => random.Fork(FirstStream + (ulong)kind));
        var present = streams.Where(item => item.Value.Next() < options.Prevalence).ToDictionary();
        Anatomy = new(random, present.TryGetValue(PhantomFindingKind.Cardiomegaly, out var heart) ? heart.Between(1.32, 1.5) : null);

        var (lungs, middle) = (new LungFindings(Anatomy, options), new MediastinalFindings(Anatomy, options));
        foreach (var kind in present.Keys.OrderBy(PaintingOrder))
        {
            _drawn.AddRange(Draw(kind, present[kind], lungs, middle));
        }

        Findings = [.. _drawn.Select(drawn => drawn.Finding).OrderBy(finding => finding.Kind)];
    }

    public ChestAnatomy Anatomy { get; }

    public IReadOnlyList<PhantomFinding> Findings { get; }

    public IReadOnlyList<DrawnFinding> Drawn => _drawn;

    public void Paint(PhantomCanvas canvas)
    {
        Anatomy.Paint(canvas, lungs => PaintLayers(lungs, inLungs: true));
        PaintLayers(canvas, inLungs: false);
    }

    private void PaintLayers(PhantomCanvas canvas, bool inLungs)
    {
        foreach (var layer in _drawn.Where(drawn => drawn.InLungs == inLungs).SelectMany(drawn => drawn.Layers))
        {
            if (layer.Texture > 0)
            {
                canvas.Paint(layer.Shape, layer.Tissue, layer.Texture, _texture);
            }
            else
            {
                canvas.Paint(layer.Shape, layer.Tissue);
            }
        }
    }

    /// <summary>Holes first, then fluid and air, then what must not lie in them.</summary>
    private static int PaintingOrder(PhantomFindingKind kind) => kind switch
    {
        PhantomFindingKind.Emphysema => 0,
        PhantomFindingKind.PleuralEffusion => 1,
        PhantomFindingKind.Pneumothorax => 2,
        PhantomFindingKind.Consolidation => 3,
        PhantomFindingKind.GroundGlass => 4,
        PhantomFindingKind.Atelectasis => 5,
        PhantomFindingKind.Nodule => 6,
        _ => 10 + (int)kind,
    };

    private static IEnumerable<DrawnFinding> Draw(PhantomFindingKind kind, PhantomRandom random, LungFindings lungs, MediastinalFindings middle) => kind switch
    {
        PhantomFindingKind.Nodule => lungs.Nodules(random),
        PhantomFindingKind.PleuralEffusion => [lungs.PleuralEffusion(random)],
        PhantomFindingKind.Consolidation => Some(lungs.Consolidation(random)),
        PhantomFindingKind.Pneumothorax => [lungs.Pneumothorax(random)],
        PhantomFindingKind.Cardiomegaly => [new(new(kind), [], false)], // the anatomy has it
        PhantomFindingKind.Emphysema => [lungs.Emphysema(random)],
        PhantomFindingKind.AorticCalcification => [middle.AorticCalcification(random)],
        PhantomFindingKind.HiatalHernia => [MediastinalFindings.HiatalHernia(random)],
        PhantomFindingKind.Lymphadenopathy => [middle.Lymphadenopathy(random)],
        PhantomFindingKind.Atelectasis => Some(lungs.Atelectasis(random)),
        PhantomFindingKind.GroundGlass => Some(lungs.GroundGlass(random)),
        PhantomFindingKind.PericardialEffusion => [middle.PericardialEffusion(random)],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static IEnumerable<DrawnFinding> Some(DrawnFinding? finding) => finding is null ? [] : [finding];
}
