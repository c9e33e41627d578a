using FellowOakDicom;

namespace HSENet.Dicom.Series;

/// <summary>One instance that a report was made from.</summary>
/// <param name="SopClassUid">SOP Class UID.</param>
/// <param name="SopInstanceUid">SOP Instance UID.</param>
/// <param name="PositionMm">Position along the slice normal towards the head, mm.</param>
public sealed record SourceInstance(string SopClassUid, string SopInstanceUid, double PositionMm);

/// <summary>What a report needs to know of the series it describes, besides its pixels.</summary>
public sealed record SourceSeries
{
    public required string StudyInstanceUid { get; init; }

    public required string SeriesInstanceUid { get; init; }

    /// <summary>The slices used, ascending along the patient axis (same order as the volume).</summary>
    public required IReadOnlyList<SourceInstance> Slices { get; init; }

    /// <summary>Null when no slice lost anything by compression, as far as headers and codestreams tell.</summary>
    public LossyCompression? Lossy { get; init; }

    /// <summary>
    /// Header of a slice, without Pixel Data: of those with the Accession Number that most slices have, the first with the fullest patient identity. Identity
    /// attributes are copied from it by value. Never logged.
    /// </summary>
    public required DicomDataset Header { get; init; }
}

/// <summary>A series as read from files: a volume, or the reason why there is none.</summary>
public abstract record SeriesReading
{
    private SeriesReading()
    {
    }

    public sealed record Readable(SourceSeries Source, CtVolume Volume) : SeriesReading
    {
        /// <summary>What is odd about the series and no reason to refuse it.</summary>
        public IReadOnlyList<SeriesNote> Notes { get; init; } = [];
    }

    /// <param name="Reason">Why.</param>
    /// <param name="Detail">Numbers and UIDs for an operator; no patient data.</param>
    public sealed record Refused(RefusalReason Reason, string Detail) : SeriesReading;
}

/// <summary>Verdict over the headers alone, before any pixel is read.</summary>
public abstract record GeometryVerdict
{
    private GeometryVerdict()
    {
    }

    public sealed record Usable(double SpacingMm, int SliceCount) : GeometryVerdict
    {
        /// <summary>Accession Number (PS3.3 C.7.2.1) that a report of it bears: that of most slices; null when none has one.</summary>
        public string? AccessionNumber { get; init; }

        /// <summary>What is odd about the series and no reason to refuse it.</summary>
        public IReadOnlyList<SeriesNote> Notes { get; init; } = [];
    }

    public sealed record Refused(RefusalReason Reason, string Detail) : GeometryVerdict;
}
