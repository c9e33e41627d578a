using System.Buffers.Binary;

namespace HSENet.Model.Nifti;

/// <summary>Numbers in a header, by their byte offset in <c>nifti1.h</c>.</summary>
internal readonly record struct NiftiFields(ReadOnlyMemory<byte> Bytes, bool IsBigEndian)
{
    public short Int16(int offset) => IsBigEndian
        ? BinaryPrimitives.ReadInt16BigEndian(Bytes.Span[offset..])
        : BinaryPrimitives.ReadInt16LittleEndian(Bytes.Span[offset..]);

    public float Single(int offset) => IsBigEndian
        ? BinaryPrimitives.ReadSingleBigEndian(Bytes.Span[offset..])
        : BinaryPrimitives.ReadSingleLittleEndian(Bytes.Span[offset..]);

    public byte Byte(int offset) => Bytes.Span[offset];
}
