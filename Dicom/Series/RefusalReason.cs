namespace HSENet.Dicom.Series;

/// <summary>Why a series is not reported on. The code (<see cref="RefusalReasons.Code"/>) is stable: operators, audit rows and scripts rely on it.</summary>
public enum RefusalReason
{
    NotCt,
    NotChest,
    Localizer,
    Derived,
    MultiFrame,
    TooFewSlices,
    TooManySlices,
    MixedSeries,
    MixedOrientation,
    NotAxial,
    Tilted,
    DuplicatePosition,
    Gap,
    UnevenSpacing,
    MissingGeometry,
    InvalidGeometry,
    InvalidOrientation,
    MixedPixelFormat,
    MissingRescale,
    CompressedTransferSyntax,
    UnsupportedTransferSyntax,
    UndecodablePixels,
    Oversized,
    UnreadableInstance,
    ConflictingInstances,
    AmbiguousPadding,
    NoLung,
    OtherRegion,
    ContradictedOrientation,
    ImplausibleHu,
    IncompleteCoverage,
}

/// <summary>The stable codes of <see cref="RefusalReason"/>.</summary>
public static class RefusalReasons
{
    /// <summary>The reason as dotted text, for example <c>geometry.gap</c>.</summary>
    public static string Code(this RefusalReason reason) => reason switch
    {
        RefusalReason.NotCt => "series.not-ct",
        RefusalReason.NotChest => "series.not-chest",
        RefusalReason.Localizer => "series.localizer",
        RefusalReason.Derived => "series.derived",
        RefusalReason.MultiFrame => "series.multi-frame",
        RefusalReason.TooFewSlices => "series.too-few-slices",
        RefusalReason.TooManySlices => "series.too-many-slices",
        RefusalReason.MixedSeries => "series.mixed",
        RefusalReason.MixedOrientation => "geometry.mixed-orientation",
        RefusalReason.NotAxial => "geometry.not-axial",
        RefusalReason.Tilted => "geometry.tilted",
        RefusalReason.DuplicatePosition => "geometry.duplicate-position",
        RefusalReason.Gap => "geometry.gap",
        RefusalReason.UnevenSpacing => "geometry.uneven-spacing",
        RefusalReason.MissingGeometry => "geometry.missing",
        RefusalReason.InvalidGeometry => "geometry.invalid",
        RefusalReason.InvalidOrientation => "geometry.orientation",
        RefusalReason.MixedPixelFormat => "pixels.mixed-format",
        RefusalReason.MissingRescale => "pixels.no-rescale",
        RefusalReason.CompressedTransferSyntax => "pixels.compressed",
        RefusalReason.UnsupportedTransferSyntax => "pixels.transfer-syntax",
        RefusalReason.UndecodablePixels => "pixels.undecodable",
        RefusalReason.Oversized => "pixels.oversized",
        RefusalReason.UnreadableInstance => "instance.unreadable",
        RefusalReason.ConflictingInstances => "instance.conflict",
        RefusalReason.AmbiguousPadding => "pixels.padding",
        RefusalReason.NoLung => "content.no-lung",
        RefusalReason.OtherRegion => "content.other-region",
        RefusalReason.ContradictedOrientation => "content.orientation",
        RefusalReason.ImplausibleHu => "content.hu",
        RefusalReason.IncompleteCoverage => "content.coverage",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
