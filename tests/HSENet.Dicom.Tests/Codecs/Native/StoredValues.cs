using System.Buffers.Binary;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Tests.Codecs.Native;

/// <summary>Pixels as numbers.</summary>
internal static class StoredValues
{
    /// <summary>Of a decoded frame.</summary>
    public static int[] Of(byte[] frame, PixelFormat format) =>
    [
        .. Enumerable.Range(0, format.Rows * format.Columns).Select(i => format.StoredValue(
            format.BytesPerPixel == 1 ? frame[i] : BinaryPrimitives.ReadUInt16LittleEndian(frame.AsSpan(2 * i)))),
    ];

    /// <summary>Of an uncompressed file.</summary>
    public static int[] Of(string path)
    {
        var (slice, refusal) = CtSliceReader.ReadHeader(path, "file");
        Assert.Null(refusal);
        var (dataSet, _) = CtSliceReader.Open(path, slice!.Header, FellowOakDicom.FileReadOption.ReadAll);
        var format = slice.Pixels!.Value;
        var frame = new byte[format.FrameBytes];
        Assert.Null(new NativeFrameDecoder().Decode(dataSet!, format, frame));
        return Of(frame, format);
    }

    /// <summary>The first place where they differ, for a message; null where they are equal.</summary>
    public static string? Difference(int[] expected, int[] actual)
    {
        if (expected.Length != actual.Length)
            return $"{actual.Length} values instead of {expected.Length}";

        var differ = Enumerable.Range(0, expected.Length).Where(i => expected[i] != actual[i]).ToArray();
        return differ.Length == 0 ? null
            : $"{differ.Length} differ, the first at {differ[0]}: {actual[differ[0]]} instead of {expected[differ[0]]}";
    }
}
