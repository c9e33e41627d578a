namespace HSENet.Dicom.Content;

/// <summary>What the pixels of a volume show of a chest, by numbers.</summary>
public sealed record ContentMeasures
{
    /// <summary>Aerated lung, ml: air inside the body that is not gas alone.</summary>
    public required double LungMillilitres { get; init; }

    /// <summary>Lung on the slice that shows most of it, cm².</summary>
    public required double LargestLungAreaCm2 { get; init; }

    /// <summary>That area as a share of the body's on the same slice.</summary>
    public required double LargestLungShare { get; init; }

    /// <summary>From the tenth to the ninetieth percentile of the lungs' inside, HU: vessels make it wide, foam is even.</summary>
    public required double LungSpreadHu { get; init; }

    /// <summary>Median thickness of the body outside of the lungs, to the left and to the right, mm.</summary>
    public required double LungWallMm { get; init; }

    /// <summary>How often there is bone between the lungs' sides and the outside, of all rows and both sides.</summary>
    public required double LungRibShare { get; init; }

    /// <summary>Share of the lung on either side of the body's middle.</summary>
    public required (double Right, double Left) LungSides { get; init; }

    /// <summary>Width of the body on the slice that shows most of the lung, mm; null: the field of view cuts it.</summary>
    public required double? BodyWidthMm { get; init; }

    /// <summary>All slices with a tenth of the largest area or more, mm.</summary>
    public required double LungExtentMm { get; init; }

    /// <summary>From the lowest slice to the highest, mm.</summary>
    public required double ScanExtentMm { get; init; }

    /// <summary>Lung on the highest slices, as a share of the largest area: 0 where the apices are covered.</summary>
    public required double LungShareAtTop { get; init; }

    /// <summary>Lung on the lowest slices, as a share of the largest area: 0 where the bases are covered.</summary>
    public required double LungShareAtBottom { get; init; }

    /// <summary>Median of the body without its surface and its air, HU; null: there is no body.</summary>
    public required double? TissueHu { get; init; }

    /// <summary>Bone in the middle of the front third and of the back third of the body, ml. The spine lies at the back.</summary>
    public required (double Front, double Back) BoneMillilitres { get; init; }

    /// <summary>All slices whose lung fills a quarter of the body or more, mm: they lie below the collar bones.</summary>
    public required double WideExtentMm { get; init; }

    /// <summary>As <see cref="BoneMillilitres"/>, on those slices alone.</summary>
    public required (double Front, double Back) WideBoneMillilitres { get; init; }

    /// <summary>Share of slices, of the top quarter and of the bottom quarter of the lungs, that show a windpipe.</summary>
    public required (double Top, double Bottom) Windpipe { get; init; }
}
