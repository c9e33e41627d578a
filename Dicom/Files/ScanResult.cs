namespace HSENet.Dicom.Files;

/// <summary>Outcome of <see cref="Part10Scan"/>.</summary>
public abstract record ScanResult
{
    private ScanResult()
    {
    }

    public sealed record Sound(InstanceHeader Header) : ScanResult;

    /// <param name="Code">Stable dotted code: <c>dicom.format</c>, <c>dicom.truncated</c>, <c>dicom.depth</c>, <c>dicom.length</c>, <c>dicom.items</c>, <c>dicom.uid</c>, <c>dicom.identity</c>, <c>dicom.transfer-syntax</c>, <c>dicom.inflation</c>, <c>dicom.directory</c>.</param>
    /// <param name="Detail">Offsets, tags and lengths; never a value of the file.</param>
    public sealed record Refused(string Code, string Detail) : ScanResult;
}
