using HSENet.Dicom.Files;

namespace HSENet.Dicom.Identity;

/// <summary>Where the data set of a sound file is to be read: in the file itself, or inflated.</summary>
internal sealed class DataSetSource : IDisposable
{
    private readonly InflatedStream? _inflated;

    private DataSetSource(Stream stream, long start, long end, DataSetEncoding encoding, InflatedStream? inflated = null)
    {
        (Stream, Start, End, Encoding, _inflated) = (stream, start, end, encoding, inflated);
    }

    public Stream Stream { get; }

    public long Start { get; }

    public long End { get; }

    public DataSetEncoding Encoding { get; }

    public static DataSetSource Open(Stream file, InstanceHeader header)
    {
        if (DataSetEncoding.Of(header.TransferSyntaxUid) is { } encoding)
            return new(file, header.DataSetOffset, header.DataSetEnd > 0 ? header.DataSetEnd : file.Length, encoding);

        var inflated = new InflatedStream(file, header.DataSetOffset, long.MaxValue);
        return new(inflated, 0, inflated.Length, DataSetEncoding.ExplicitLittleEndian, inflated);
    }

    public void Dispose() => _inflated?.Dispose();
}
