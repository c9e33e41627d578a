namespace HSENet.Dicom.Files;

/// <summary>
/// Walks the file meta information: explicit VR little endian whatever follows (PS3.10 7.1). Its end is where another group begins; the group
/// length is not believed.
/// </summary>
internal sealed class MetaWalk(ScanReader reader, HeaderFields fields)
{
    private const int MaximumMetaElements = 1000;

    public ScanResult.Refused? Run()
    {
        for (var count = 0; ; count++)
        {
            if (reader.Remaining == 0 || (reader.TryPeek(4, out var tag) && DataSetEncoding.ExplicitLittleEndian.ReadTag(tag) >> 16 != 2))
                return null;
            if (count == MaximumMetaElements)
                return new("dicom.items", $"more than {MaximumMetaElements} elements of file meta information");
            if (!ElementHeader.TryRead(reader, DataSetEncoding.ExplicitLittleEndian, reader.Length, out var header, out var isKnownVr))
                return new("dicom.truncated", $"the file ends at {reader.Length} within the file meta information");
            if (!isKnownVr || header.Vr == ElementHeader.Sq)
                return new("dicom.format", $"file meta information has no such VR at offset {reader.Position}");
            if (header.Length > reader.Remaining - header.Size)
                return Overrun.InFile(header, reader.Position, reader.Length);
            reader.Skip(header.Size);
            if (fields.TakeMeta(header, reader) is { } refused)
                return refused;
            reader.Skip(header.Length);
        }
    }
}
