namespace HSENet.Dicom.Files;

/// <summary>Says what is wrong with a length: longer than the file could ever be, longer than what encloses it, or simply cut off.</summary>
internal static class Overrun
{
    public static ScanResult.Refused InFile(ElementHeader header, long offset, long fileLength) =>
        header.Length > fileLength && !header.IsPixelData
            ? new("dicom.length", $"{header} at offset {offset} has length {header.Length}, the file has {fileLength} bytes")
            : new("dicom.truncated", $"the file ends at {fileLength} within {header} at offset {offset}, length {header.Length}");

    public static ScanResult.Refused InParent(ElementHeader header, long offset, long limit, long fileLength) =>
        limit == fileLength
            ? InFile(header, offset, fileLength)
            : new("dicom.length", $"{header} at offset {offset} has length {header.Length}, what encloses it ends at {limit}");
}
