using System.Buffers.Binary;

namespace HSENet.Model.Nifti;

/// <summary>A voxel type that this reader knows.</summary>
/// <param name="Bytes">Bytes of a voxel.</param>
/// <param name="Read">Number at the start of a span, big endian or not.</param>
internal sealed record NiftiType(int Bytes, NiftiType.Reader Read)
{
    public delegate double Reader(ReadOnlySpan<byte> voxel, bool isBigEndian);

    /// <param name="code">The field <c>datatype</c>.</param>
    /// <returns>Null: colours, complex numbers, bits, wider integers.</returns>
    public static NiftiType? Find(short code) => code switch
    {
        2 => new(1, (voxel, _) => voxel[0]),
        256 => new(1, (voxel, _) => (sbyte)voxel[0]),
        4 => new(2, (voxel, big) => big ? BinaryPrimitives.ReadInt16BigEndian(voxel) : BinaryPrimitives.ReadInt16LittleEndian(voxel)),
        512 => new(2, (voxel, big) => big ? BinaryPrimitives.ReadUInt16BigEndian(voxel) : BinaryPrimitives.ReadUInt16LittleEndian(voxel)),
        8 => new(4, (voxel, big) => big ? BinaryPrimitives.ReadInt32BigEndian(voxel) : BinaryPrimitives.ReadInt32LittleEndian(voxel)),
        768 => new(4, (voxel, big) => big ? BinaryPrimitives.ReadUInt32BigEndian(voxel) : BinaryPrimitives.ReadUInt32LittleEndian(voxel)),
        16 => new(4, (voxel, big) => big ? BinaryPrimitives.ReadSingleBigEndian(voxel) : BinaryPrimitives.ReadSingleLittleEndian(voxel)),
        64 => new(8, (voxel, big) => big ? BinaryPrimitives.ReadDoubleBigEndian(voxel) : BinaryPrimitives.ReadDoubleLittleEndian(voxel)),
        _ => null,
    };
}
