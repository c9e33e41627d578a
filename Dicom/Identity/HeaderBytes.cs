using HSENet.Dicom.Files;

namespace HSENet.Dicom.Identity;

/// <summary>The data set of an instance without its pixels, as it is written in the file; of a deflated one, inflated.</summary>
public static class HeaderBytes
{
    /// <summary>Longer ones are not worth keeping.</summary>
    private const long LongestHeader = 4L << 20;

    /// <param name="file">A file that <see cref="Part10Scan"/> found sound.</param>
    /// <param name="header">What the scan said.</param>
    /// <returns>Null when the data set can be read in two ways, or is longer than 4 MiB without its pixels.</returns>
    public static byte[]? Read(Stream file, InstanceHeader header)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(header);
        using var source = DataSetSource.Open(file, header);
        using var walk = new MeaningWalk(new ScanReader(source.Stream), source.Encoding, header.TransferSyntaxUid);
        if (walk.Run(source.Start, source.End) is null)
            return null;
        var (pixels, after) = walk.PixelRange ?? (source.End, source.End);
        if (pixels - source.Start + source.End - after > LongestHeader)
            return null;

        var bytes = new byte[pixels - source.Start + source.End - after];
        source.Stream.Position = source.Start;
        source.Stream.ReadExactly(bytes, 0, (int)(pixels - source.Start));
        source.Stream.Position = after;
        source.Stream.ReadExactly(bytes, (int)(pixels - source.Start), (int)(source.End - after));
        return bytes;
    }
}
