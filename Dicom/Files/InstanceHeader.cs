namespace HSENet.Dicom.Files;

/// <summary>What the receiver and the series need to know of one instance, taken from its bytes without building a data set.</summary>
/// <remarks>UIDs are checked: 1 to 64 characters, digits and single dots, so they are safe as file names.</remarks>
public sealed record InstanceHeader
{
    public required string TransferSyntaxUid { get; init; }

    public required string SopClassUid { get; init; }

    public required string SopInstanceUid { get; init; }

    public required string StudyInstanceUid { get; init; }

    public required string SeriesInstanceUid { get; init; }

    /// <summary>Null when absent or not a code string (PS3.5 6.2).</summary>
    public string? Modality { get; init; }

    /// <summary>Null when absent, empty, or not plain ASCII text (PS3.5 6.2, SH).</summary>
    public string? Accession { get; init; }

    /// <summary>Null when absent or not a number.</summary>
    public int? InstanceNumber { get; init; }

    /// <summary>Bytes from the start of the file to the data set (end of the file meta information).</summary>
    public required long DataSetOffset { get; init; }

    /// <summary>Bytes from the start of the file to the end of the last sound element; what follows is padding or garbage.</summary>
    public long DataSetEnd { get; init; }

    /// <summary>Faults the scan walked over: stray or missing delimiters, unknown VRs, odd lengths, text where a sequence belongs, trailing bytes.</summary>
    public int ToleratedFaults { get; init; }

    /// <summary>Elements, items and fragments that the scan walked over.</summary>
    public int ElementCount { get; init; }
}
