using System.Security.Cryptography;
using FellowOakDicom;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Files;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Identity;

/// <summary>
/// Whether two instances have the same pixels where their bytes do not tell: one of them at least is compressed without loss. Both are decoded, so this is for two
/// copies that meet, not for each instance that comes.
/// </summary>
public static class DecodedPixels
{
    /// <summary>Whether a look at the files of two syntaxes can show more than their bytes did.</summary>
    public static bool CanTell(string transferSyntaxUid, string other) =>
        (Compression.IsCompressed(transferSyntaxUid) || Compression.IsCompressed(other)) && IsLossless(transferSyntaxUid) && IsLossless(other);

    /// <param name="path">A file that <see cref="Part10Scan"/> found sound.</param>
    /// <param name="other">Another one.</param>
    /// <returns>Whether both hold one frame of the same format with the same stored values; false when either cannot be decoded.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    public static bool AreSame(string path, string other)
    {
        if (Read(path) is not { } one || Read(other) is not { } two || one.Format != two.Format)
            return false;

        for (var i = 0; i < one.Frame.Length; i += one.Format.BytesPerPixel)
        {
            // unused bits may have been lost on the way
            if (Value(one, i) != Value(two, i))
                return false;
        }

        return true;
    }

    /// <summary>
    /// What <see cref="InstanceMeaning.Pixels"/> of the same picture is where it came uncompressed, for a copy whose original is gone.
    /// </summary>
    /// <param name="path">A file that <see cref="Part10Scan"/> found sound.</param>
    /// <returns>Null when it is not compressed without loss, or cannot be decoded.</returns>
    /// <exception cref="IOException">The storage failed.</exception>
    public static byte[]? NativeDigest(string path)
    {
        if (CtSliceReader.ReadHeader(path, "file").Slice is not { } slice || !Compression.IsCompressed(slice.Header.TransferSyntaxUid)
            || Read(path) is not { Frame: var frame })
            return null;

        // a value has an even length (PS3.5 8.1.1)
        return SHA256.HashData(frame.Length % 2 == 0 ? frame : [.. frame, 0]);
    }

    private static bool IsLossless(string transferSyntaxUid) =>
        FrameDecoders.Default.CanDecode(transferSyntaxUid) && !Compression.IsLossy(transferSyntaxUid);

    private static int Value((PixelFormat Format, byte[] Frame) image, int at) =>
        image.Format.StoredValue(image.Format.BytesPerPixel == 1 ? image.Frame[at] : image.Frame[at] | image.Frame[at + 1] << 8);

    private static (PixelFormat Format, byte[] Frame)? Read(string path)
    {
        var limits = GeometryLimits.Default;
        if (CtSliceReader.ReadHeader(path, "file").Slice is not { Pixels: { } format } slice || slice.NumberOfFrames is not (null or "1")
            || slice.FileLength > limits.MaximumFileBytes || format.Rows > limits.MaximumMatrix || format.Columns > limits.MaximumMatrix
            || format.Problem() is not null || !IsLossless(slice.Header.TransferSyntaxUid))
            return null;

        var (dataSet, _) = CtSliceReader.Open(path, slice.Header, FileReadOption.ReadAll);
        var frame = new byte[format.FrameBytes];
        return dataSet is not null && FrameDecoders.Default.For(slice.Header.TransferSyntaxUid)?.Decode(dataSet, format, frame) is null
            ? (format, frame)
            : null;
    }
}
