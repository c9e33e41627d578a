using System.Buffers.Binary;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>VR AT: references to other attributes.</summary>
public sealed class DicomAttributeTag : DicomElement
{
    private const int UnitSize = 4;

    public DicomAttributeTag(DicomTag tag, params DicomTag[] values)
        : base(tag)
    {
        var bytes = new byte[values.Length * UnitSize];
        for (var index = 0; index < values.Length; index++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(index * UnitSize), values[index].Group);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan((index * UnitSize) + 2), values[index].Element);
        }

        Buffer = new MemoryByteBuffer(bytes);
    }

    public DicomAttributeTag(DicomTag tag, IByteBuffer data)
        : base(tag) => Buffer = data ?? EmptyBuffer.Value;

    public override DicomVR ValueRepresentation => DicomVR.AT;

    public override IByteBuffer Buffer { get; }

    public override int Count => checked((int)(Buffer.Size / UnitSize));

    public IEnumerable<DicomTag> Values => Enumerable.Range(0, Count).Select(index => (DicomTag)ValueAt(index));

    internal override object ValueAt(int index)
    {
        var bytes = new byte[UnitSize];
        Buffer.GetByteRange((long)index * UnitSize, UnitSize, bytes);
        return new DicomTag(BinaryPrimitives.ReadUInt16LittleEndian(bytes), BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2)));
    }
}
