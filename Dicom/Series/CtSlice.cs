using HSENet.Dicom.Files;

namespace HSENet.Dicom.Series;

/// <summary>What the header of one instance says, as far as the series is judged by it. Holds patient data in <see cref="Patient"/>: never logged.</summary>
internal sealed record CtSlice
{
    public required string Path { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long FileLength { get; init; }

    public required InstanceHeader Header { get; init; }

    public required PatientIdentity Patient { get; init; }

    public string? FrameOfReferenceUid { get; init; }

    /// <summary>Number of Frames as text; null when absent, as it is for CT Image Storage.</summary>
    public string? NumberOfFrames { get; init; }

    /// <summary>In upper case, without empty values at the end; none when absent.</summary>
    public required IReadOnlyList<string> ImageType { get; init; }

    /// <summary>Convolution Kernel in upper case, all values; null when absent.</summary>
    public string? Kernel { get; init; }

    /// <summary>Contrast/Bolus Agent in upper case, or the codes of its sequence; empty when there was none, as far as the header tells.</summary>
    public required string ContrastAgent { get; init; }

    public string? Kvp { get; init; }

    public string? Thickness { get; init; }

    public string? AcquisitionNumber { get; init; }

    public string? BodyPart { get; init; }

    /// <summary>What the header says in words of series, study and procedure: looked at for words only.</summary>
    public required IReadOnlyList<string> Descriptions { get; init; }

    public string? Position { get; init; }

    public string? Orientation { get; init; }

    public string? PixelSpacing { get; init; }

    /// <summary>Null when Rows, Columns or a bit count is absent or not a number.</summary>
    public PixelFormat? Pixels { get; init; }

    public string? RescaleSlope { get; init; }

    public string? RescaleIntercept { get; init; }

    public string? RescaleType { get; init; }

    /// <summary>Pixel Padding Value as stored value; null when absent.</summary>
    public int? PaddingValue { get; init; }

    /// <summary>Null when the pixels lost nothing, as far as the header tells.</summary>
    public LossyCompression? Lossy { get; init; }

    public string SopInstanceUid => Header.SopInstanceUid;
}
