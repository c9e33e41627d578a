namespace HSENet.Dicom.Files;

/// <summary>What the receiver and the series need to know of one instance, taken from its bytes without building a data set.</summary>
public sealed record InstanceHeader
{
    public required string TransferSyntaxUid { get; init; }

    public required string SopClassUid { get; init; }

    public required string SopInstanceUid { get; init; }

    public required string StudyInstanceUid { get; init; }

    public required string SeriesInstanceUid { get; init; }

    /// <summary>Null when absent.</summary>
    public string? Modality { get; init; }

    /// <summary>Null when absent or not a number.</summary>
    public int? InstanceNumber { get; init; }

    /// <summary>Bytes from the start of the file to the data set (end of the file meta information).</summary>
    public required long DataSetOffset { get; init; }
}

/// <summary>Outcome of <see cref="Part10Scan"/>.</summary>
public abstract record ScanResult
{
    private ScanResult()
    {
    }

    public sealed record Sound(InstanceHeader Header) : ScanResult;

    /// <param name="Code">Stable dotted code: <c>dicom.format</c>, <c>dicom.truncated</c>, <c>dicom.depth</c>, <c>dicom.length</c>, <c>dicom.items</c>, <c>dicom.uid</c>, <c>dicom.transfer-syntax</c>.</param>
    /// <param name="Detail">Offsets and lengths; never a value of the file.</param>
    public sealed record Refused(string Code, string Detail) : ScanResult;
}

/// <summary>
/// Non-recursive walk over a Part 10 file before anything parses it: nesting depth at most 64, every length within what encloses it, item count
/// bounded, nothing allocated from an unchecked length. Works the same whichever toolkit is referenced.
/// </summary>
public static class Part10Scan
{
    public const int MaximumDepth = 64;

    public static ScanResult Scan(string path) => throw new NotImplementedException();

    public static ScanResult Scan(Stream stream) => throw new NotImplementedException();
}
