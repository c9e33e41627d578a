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

    /// <summary>From the lowest slice to the highest one with a tenth of the largest area or more, mm.</summary>
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

    /// <summary>Share of slices, of the top quarter and of the bottom quarter of the lungs, that show a windpipe.</summary>
    public required (double Top, double Bottom) Windpipe { get; init; }
}
