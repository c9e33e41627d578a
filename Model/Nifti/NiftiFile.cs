using System.IO.Compression;

namespace HSENet.Model.Nifti;

/// <summary>Reads chest CT volumes from NIfTI-1 files, <c>.nii</c> or <c>.nii.gz</c>: the form of the research collections.</summary>
internal static class NiftiFile
{
    private const int BufferBytes = 1 << 20;
    private const int LargestDeflateRatio = 1032;
    private const int MostBytesBehind = 16 << 20;

    /// <param name="path">The file; gzip is told by its first bytes.</param>
    /// <param name="rescale">Slope and intercept to HU that stand beside the file (CT-RATE's metadata), applied after those of the header; null: none.</param>
    /// <param name="axes">Directions of i, j and k to take instead of the file's; null: the file's own.</param>
    /// <returns>HU rounded to whole numbers and held within 16 bit; axes k, j, i.</returns>
    /// <exception cref="HSENetModelException">
    /// <c>nifti.file</c>: cannot be opened; <c>nifti.format</c>: not sound; <c>nifti.geometry</c>: contradictory, oblique or without directions;
    /// <c>nifti.value</c>: not finite.
    /// </exception>
    public static CtInput Read(string path, (double Slope, double Intercept)? rescale = null, (char I, char J, char K)? axes = null)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
            var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            using var stream = isGzip ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
            return Read(stream, isGzip ? file.Length * LargestDeflateRatio : file.Length, path, rescale, axes);
        }
        catch (InvalidDataException e)
        {
            throw NiftiHeader.Broken(path, "the compressed data are damaged", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HSENetModelException("nifti.file", $"{path}: {e.Message}", e);
        }
    }

    private static CtInput Read(Stream stream, long mostBytes, string path, (double Slope, double Intercept)? rescale, (char I, char J, char K)? axes)
    {
        var bytes = new byte[NiftiHeader.LengthBytes];
        stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var header = NiftiHeader.Read(bytes, path);
        NiftiHeader.Require(header.DataOffset + header.DataBytes <= mostBytes, path, $"{header.DataBytes} bytes of voxels cannot be in a file of this size");
        var directions = axes ?? header.Orientation.Directions
            ?? throw new HSENetModelException("nifti.geometry", $"{path}: neither sform nor qform tells the directions of the axes.");
        for (var skip = header.DataOffset - bytes.Length; skip > 0;)
        {
            var read = stream.Read(bytes, 0, Math.Min(skip, bytes.Length));
            NiftiHeader.Require(read > 0, path, "ends before the voxels");
            skip -= read;
        }

        var ((i, j, k), spacing) = (header.Shape, header.Orientation.SpacingMm);
        var hu = ReadVoxels(stream, header, path, rescale ?? (1, 0));
        if (stream is GZipStream)
        {
            ReadToEnd(stream, path);
        }

        return new CtInput
        {
            Hu = hu,
            Shape = (k, j, i),
            SpacingMm = (spacing.K, spacing.J, spacing.I),
            Axes = (directions.K, directions.J, directions.I),
        };
    }

    /// <summary>The checksum of gzip stands at its end, and is compared when that is reached.</summary>
    private static void ReadToEnd(Stream stream, string path)
    {
        var (buffer, behind) = (new byte[BufferBytes], 0);
        while (stream.Read(buffer) is > 0 and var read)
        {
            NiftiHeader.Require((behind += read) <= MostBytesBehind, path, "much follows the voxels");
        }
    }

    private static short[] ReadVoxels(Stream stream, NiftiHeader header, string path, (double Slope, double Intercept) rescale)
    {
        var hu = new short[header.VoxelCount];
        var buffer = new byte[BufferBytes / header.Type.Bytes * header.Type.Bytes];
        for (var at = 0L; at < hu.LongLength;)
        {
            var wanted = (int)Math.Min(buffer.Length, (hu.LongLength - at) * header.Type.Bytes);
            NiftiHeader.Require(stream.ReadAtLeast(buffer.AsSpan(0, wanted), wanted, throwOnEndOfStream: false) == wanted, path, "ends within the voxels");
            for (var offset = 0; offset < wanted; offset += header.Type.Bytes)
            {
                var value = (((header.Type.Read(buffer.AsSpan(offset), header.IsBigEndian) * header.Slope) + header.Intercept) * rescale.Slope) + rescale.Intercept;
                if (!double.IsFinite(value))
                {
                    throw new HSENetModelException("nifti.value", $"{path}: voxel {at} is not finite.");
                }

                hu[at++] = (short)Math.Clamp(Math.Round(value), short.MinValue, short.MaxValue);
            }
        }

        return hu;
    }
}
