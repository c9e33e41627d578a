using System.Buffers.Binary;
using System.IO.Compression;

namespace HSENet.Model.Tests.Nifti;

/// <summary>Writes NIfTI-1 files, sound unless told otherwise. Offsets are those of nifti1.h.</summary>
internal sealed record NiftiBuilder
{
    public (int I, int J, int K) Shape { get; init; } = (4, 3, 2);

    public (double I, double J, double K) SpacingMm { get; init; } = (0.7, 0.8, 2);

    /// <summary>Patient directions of i, j, k.</summary>
    public string Directions { get; init; } = "RAS";

    /// <summary>Value of a voxel before scaling.</summary>
    public Func<int, int, int, double> Value { get; init; } = (i, j, k) => (100 * k) + (10 * j) + i - 500;

    public short DataType { get; init; } = 4;

    public float Slope { get; init; }

    public float Intercept { get; init; }

    public bool IsBigEndian { get; init; }

    public bool IsGzip { get; init; }

    public bool UsesQForm { get; init; }

    public int DataOffset { get; init; } = 352;

    /// <summary>Changes the finished file (before compression).</summary>
    public Action<byte[]>? Edit { get; init; }

    private int VoxelBytes => DataType switch { 2 or 256 => 1, 4 or 512 => 2, 8 or 16 or 768 => 4, _ => 8 };

    public string Write(string path)
    {
        var bytes = ToBytes();
        if (!IsGzip)
        {
            File.WriteAllBytes(path, bytes);
            return path;
        }

        using var stream = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        stream.Write(bytes);
        return path;
    }

    public byte[] ToBytes()
    {
        var (i, j, k) = Shape;
        var bytes = new byte[DataOffset + (i * j * k * VoxelBytes)];
        PutInt32(bytes, 0, 348);
        foreach (var (at, value) in new (int, int)[] { (40, 3), (42, i), (44, j), (46, k), (48, 1), (70, DataType), (72, 8 * VoxelBytes), (UsesQForm ? 252 : 254, 1) })
        {
            PutInt16(bytes, at, value);
        }

        PutSingle(bytes, 76, 1);
        PutSingle(bytes, 80, SpacingMm.I);
        PutSingle(bytes, 84, SpacingMm.J);
        PutSingle(bytes, 88, SpacingMm.K);
        PutSingle(bytes, 108, DataOffset);
        PutSingle(bytes, 112, Slope);
        PutSingle(bytes, 116, Intercept);
        bytes[123] = 2;
        "n+1\0"u8.CopyTo(bytes.AsSpan(344));
        double[] spacing = [SpacingMm.I, SpacingMm.J, SpacingMm.K];
        for (var axis = 0; axis < 3 && !UsesQForm; axis++)
        {
            var (row, sign) = Directions[axis] switch { 'R' => (0, 1), 'L' => (0, -1), 'A' => (1, 1), 'P' => (1, -1), 'S' => (2, 1), _ => (2, -1) };
            PutSingle(bytes, 280 + (16 * row) + (4 * axis), sign * spacing[axis]);
        }

        var at2 = DataOffset;
        for (var z = 0; z < k; z++)
        {
            for (var y = 0; y < j; y++)
            {
                for (var x = 0; x < i; x++, at2 += VoxelBytes)
                {
                    PutVoxel(bytes.AsSpan(at2), Value(x, y, z));
                }
            }
        }

        Edit?.Invoke(bytes);
        return bytes;
    }

    public void PutInt16(byte[] bytes, int at, int value) => Put(bytes.AsSpan(at, 2), BitConverter.GetBytes((short)value));

    public void PutSingle(byte[] bytes, int at, double value) => Put(bytes.AsSpan(at, 4), BitConverter.GetBytes((float)value));

    public void PutInt32(byte[] bytes, int at, int value) => Put(bytes.AsSpan(at, 4), BitConverter.GetBytes(value));

    private void PutVoxel(Span<byte> target, double value) => Put(target[..VoxelBytes], DataType switch
    {
        2 => [(byte)value],
        256 => [(byte)(sbyte)value],
        4 => BitConverter.GetBytes((short)value),
        512 => BitConverter.GetBytes((ushort)value),
        8 => BitConverter.GetBytes((int)value),
        768 => BitConverter.GetBytes((uint)value),
        16 => BitConverter.GetBytes((float)value),
        64 => BitConverter.GetBytes(value),
        _ => new byte[VoxelBytes],
    });

    private void Put(Span<byte> target, byte[] littleEndian)
    {
        littleEndian.CopyTo(target);
        if (IsBigEndian)
        {
            target.Reverse();
        }
    }
}
