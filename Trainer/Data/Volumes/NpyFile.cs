using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace HSENet.Trainer.Data.Volumes;

/// <summary>Reads <c>.npy</c> arrays of floating point numbers: what the reference's scripts leave (NumPy's format 1 to 3).</summary>
internal static partial class NpyFile
{
    private const int MostHeaderBytes = 1 << 16;
    private const long MostValues = 1L << 29;

    /// <returns>The shape and the values, row-major.</returns>
    /// <exception cref="TrainerException"><c>npy.format</c>: not such a file, in another order or type, or with values that are not finite.</exception>
    public static (int[] Shape, float[] Values) Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var start = new byte[12];
        Require(file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start[0] == 0x93 && start.AsSpan(1, 5).SequenceEqual("NUMPY"u8), path, "no NumPy array");
        var (isLong, headerStart) = (start[6] > 1, start[6] > 1 ? 12 : 10);
        var headerBytes = isLong ? BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(8)) : BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8));
        Require(start[6] is >= 1 and <= 3 && headerBytes is > 0 and <= MostHeaderBytes, path, "an unknown version or header length");
        file.Position = headerStart;
        var header = new byte[headerBytes];
        Require(file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length, path, "ends within the header");
        var (type, shape) = Parse(Encoding.Latin1.GetString(header), path);
        var count = shape.Aggregate(1L, (product, length) => product > MostValues ? product : product * length);
        var size = type[2] - '0';
        Require(count is > 0 and <= MostValues && file.Length == headerStart + headerBytes + (count * size), path, "the size does not fit the shape");
        var values = Values(file, (int)count, size);
        foreach (var value in values)
        {
            Require(float.IsFinite(value), path, "a value is not finite");
        }

        return (shape, values);
    }

    [GeneratedRegex(@"^\{\s*'descr':\s*'(<f[248])',\s*'fortran_order':\s*False,\s*'shape':\s*\(([0-9, ]*)\),?\s*\}\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Header { get; }

    private static (string Type, int[] Shape) Parse(string header, string path)
    {
        var match = Header.Match(header);
        Require(match.Success, path, "a little-endian floating point array in C order is wanted");
        var shape = match.Groups[2].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(length => int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0).ToArray();
        Require(shape.Length is >= 1 and <= 8, path, "one to eight axes are wanted");
        return (match.Groups[1].Value, shape);
    }

    private static float[] Values(FileStream file, int count, int size)
    {
        var values = new float[count];
        if (size == sizeof(float))
        {
            file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }

        var bytes = new byte[count * (long)size];
        file.ReadExactly(bytes);
        for (var i = 0; i < count; i++)
        {
            values[i] = size == 2 ? (float)BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(i * 2)) : (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * 8));
        }

        return values;
    }

    private static void Require(bool holds, string path, string detail)
    {
        if (!holds)
        {
            throw new TrainerException("npy.format", $"{path}: {detail}.");
        }
    }
}
