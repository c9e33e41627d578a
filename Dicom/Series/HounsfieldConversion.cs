using System.Buffers.Binary;

namespace HSENet.Dicom.Series;

/// <summary>Stored values to HU: each slice by its own slope and intercept (PS3.3 C.11.1), rounded to the nearest integer, held within int16.</summary>
internal static class HounsfieldConversion
{
    /// <summary>A padding value above this would be taken for tissue.</summary>
    private const double HighestPaddingHu = -900;

    /// <param name="frame">One frame in native little endian.</param>
    /// <param name="slice">Its format, rescale and padding.</param>
    /// <param name="hu">One value for each pixel.</param>
    /// <returns>Null, or why the values cannot be trusted.</returns>
    public static Refusal? Convert(ReadOnlySpan<byte> frame, PlacedSlice slice, Span<short> hu)
    {
        var format = slice.Pixels;
        var table = Table(slice);
        var suspect = SuspectPadding(slice, table);
        var isSuspectSeen = false;
        if (format.BytesPerPixel == 1)
        {
            for (var i = 0; i < hu.Length; i++)
            {
                hu[i] = table[frame[i]];
                isSuspectSeen |= frame[i] == suspect;
            }
        }
        else
        {
            for (var i = 0; i < hu.Length; i++)
            {
                var raw = BinaryPrimitives.ReadUInt16LittleEndian(frame[(2 * i)..]);
                hu[i] = table[raw];
                isSuspectSeen |= raw == suspect;
            }
        }

        return isSuspectSeen
            ? new(RefusalReason.AmbiguousPadding, $"{slice.Slice.SopInstanceUid}: Pixel Padding Value reads as {table[suspect]} HU, which is no air")
            : null;
    }

    /// <summary>HU for every pattern of the allocated bits.</summary>
    private static short[] Table(PlacedSlice slice)
    {
        var format = slice.Pixels;
        var table = new short[1 << format.BitsAllocated];
        for (var raw = 0; raw < table.Length; raw++)
        {
            var value = Math.Round(format.StoredValue(raw) * slice.Slope + slice.Intercept);
            table[raw] = (short)Math.Clamp(value, short.MinValue, short.MaxValue);
        }

        return table;
    }

    /// <returns>The bits of a padding value that would look like tissue, or -1.</returns>
    private static int SuspectPadding(PlacedSlice slice, short[] table) =>
        slice.Slice.PaddingValue is { } padding && padding < table.Length && table[padding] > HighestPaddingHu ? padding : -1;
}
