using System.Buffers.Binary;

namespace HSENet.Model.Nifti;

/// <summary>The header of a NIfTI-1 file (<c>.nii</c>, "n+1"), checked: sizes, type and offset of the data can be trusted.</summary>
internal sealed record NiftiHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int LengthBytes = 348;

    private const int LongestAxis = 4096;
    private const long MostVoxels = 1L << 30;
    private const int SmallestDataOffset = 352;
    private const int LargestDataOffset = 1 << 24;

    private NiftiHeader(NiftiFields fields, string file)
    {
        IsBigEndian = fields.IsBigEndian;
        Shape = ReadShape(fields, file);
        Type = NiftiType.Find(fields.Int16(70)) ?? throw Broken(file, $"the data type {fields.Int16(70)} is not a real number of 8 to 64 bits");
        Require(fields.Int16(72) == 8 * Type.Bytes, file, $"{fields.Int16(72)} bits are given for voxels of {8 * Type.Bytes}");
        var offset = fields.Single(108);
        Require(offset is >= SmallestDataOffset and <= LargestDataOffset && offset == MathF.Floor(offset), file, "the offset of the data is out of range");
        DataOffset = (int)offset;
        var isScaled = fields.Single(112) is not 0 and not float.NaN;
        (Slope, Intercept) = isScaled ? (fields.Single(112), fields.Single(116)) : (1, 0);

        Require(double.IsFinite(Slope) && double.IsFinite(Intercept), file, "slope or intercept is not finite");
        Orientation = NiftiOrientation.Read(fields, file);
    }

    public bool IsBigEndian { get; }

    /// <summary>Voxels along i (the fastest in the file), j, k.</summary>
    public (int I, int J, int K) Shape { get; }

    public NiftiType Type { get; }

    /// <summary>First byte of the voxels.</summary>
    public int DataOffset { get; }

    /// <summary>A stored value times this plus <see cref="Intercept"/> is the value.</summary>
    public double Slope { get; }

    public double Intercept { get; }

    /// <summary>Spacing and directions.</summary>
    public NiftiOrientation Orientation { get; }

    public long VoxelCount => (long)Shape.I * Shape.J * Shape.K;

    public long DataBytes => VoxelCount * Type.Bytes;

    /// <param name="bytes">At least <see cref="LengthBytes"/>.</param>
    /// <param name="file">For messages.</param>
    /// <exception cref="HSENetModelException"><c>nifti.format</c>, <c>nifti.geometry</c>.</exception>
    public static NiftiHeader Read(ReadOnlyMemory<byte> bytes, string file)
    {
        if (bytes.Length < LengthBytes)
        {
            throw Broken(file, "shorter than a header");
        }

        var isLittle = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span) == LengthBytes;
        var isBig = BinaryPrimitives.ReadInt32BigEndian(bytes.Span) == LengthBytes;
        Require(isLittle || isBig, file, "not a NIfTI-1 header");
        Require(bytes.Span[344..348].SequenceEqual("n+1\0"u8), file, "not a single-file NIfTI-1 image (.nii)");
        return new NiftiHeader(new NiftiFields(bytes, isBig), file);
    }

    internal static HSENetModelException Broken(string file, string detail, Exception? inner = null) => new("nifti.format", $"{file}: {detail}.", inner);

    internal static void Require(bool holds, string file, string detail)
    {
        if (!holds)
        {
            throw Broken(file, detail);
        }
    }

    private static (int I, int J, int K) ReadShape(NiftiFields fields, string file)
    {
        var rank = fields.Int16(40);
        Require(rank is >= 3 and <= 7, file, $"{rank} dimensions; a volume has three");
        long count = 1;
        for (var axis = 1; axis <= rank; axis++)
        {
            var length = fields.Int16(40 + (2 * axis));
            Require(length >= 1 && (axis <= 3 ? length <= LongestAxis : length == 1), file, $"dimension {axis} has the length {length}");
            count *= length;
        }

        Require(count <= MostVoxels, file, $"{count} voxels are more than {MostVoxels}");
        return (fields.Int16(42), fields.Int16(44), fields.Int16(46));
    }
}
