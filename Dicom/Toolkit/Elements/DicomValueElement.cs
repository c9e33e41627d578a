using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>An element of binary values of a fixed size, in little endian.</summary>
public abstract class DicomValueElement<Tv> : DicomElement
    where Tv : struct
{
    protected DicomValueElement(DicomTag tag, params Tv[] values)
        : base(tag) => Buffer = values is { Length: > 0 } ? new MemoryByteBuffer(Padded(MemoryMarshal.AsBytes<Tv>(values))) : EmptyBuffer.Value;

    protected DicomValueElement(DicomTag tag, IByteBuffer data)
        : base(tag) => Buffer = data ?? EmptyBuffer.Value;

    public override IByteBuffer Buffer { get; }

    /// <summary>Whole values; a rest of bytes at the end does not count.</summary>
    public override int Count => checked((int)(Buffer.Size / Unsafe.SizeOf<Tv>()));

    internal override object ValueAt(int index)
    {
        var bytes = new byte[Unsafe.SizeOf<Tv>()];
        Buffer.GetByteRange((long)index * bytes.Length, bytes.Length, bytes);
        return MemoryMarshal.Read<Tv>(bytes);
    }

    private protected override Array AllValues(Type type)
    {
        if (type == typeof(Tv))
        {
            return Reinterpret<Tv>();
        }

        // The bulk VRs say nothing about what the bytes mean: the caller does
        if (ValueRepresentation.Code[0] != 'O' && ValueRepresentation != DicomVR.UN)
        {
            return Converted(type);
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.Byte => Reinterpret<byte>(),
            TypeCode.SByte => Reinterpret<sbyte>(),
            TypeCode.UInt16 => Reinterpret<ushort>(),
            TypeCode.Int16 => Reinterpret<short>(),
            TypeCode.UInt32 => Reinterpret<uint>(),
            TypeCode.Int32 => Reinterpret<int>(),
            TypeCode.UInt64 => Reinterpret<ulong>(),
            TypeCode.Int64 => Reinterpret<long>(),
            TypeCode.Single => Reinterpret<float>(),
            TypeCode.Double => Reinterpret<double>(),
            _ => Converted(type),
        };
    }

    /// <summary>The first value: the package joins no binary values.</summary>
    private protected override string JoinedText() => Count == 0 ? "" : ValueConverter.Text(ValueAt(0), ValueRepresentation);

    private Array Converted(Type type)
    {
        var values = Reinterpret<Tv>();
        var converted = Array.CreateInstance(type, values.Length);
        for (var index = 0; index < values.Length; index++)
        {
            converted.SetValue(ValueConverter.To(type, values[index], this), index);
        }

        return converted;
    }

    private T[] Reinterpret<T>()
        where T : struct
    {
        var bytes = Buffer.Data.AsSpan();
        var unit = Unsafe.SizeOf<T>();
        return MemoryMarshal.Cast<byte, T>(bytes[..(bytes.Length / unit * unit)]).ToArray();
    }

    private static byte[] Padded(ReadOnlySpan<byte> bytes)
    {
        var padded = new byte[bytes.Length + (bytes.Length & 1)];
        bytes.CopyTo(padded);
        return padded;
    }
}
