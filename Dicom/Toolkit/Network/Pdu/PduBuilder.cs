using System.Buffers.Binary;
using System.Text;

namespace FellowOakDicom.Network.Pdu;

/// <summary>Writes the big endian fields of a PDU and fills in lengths that are known only at the end of an item.</summary>
internal sealed class PduBuilder
{
    private byte[] _buffer = new byte[512];
    private int _length;

    /// <summary>The PDU with the given type and body.</summary>
    public static byte[] Build(PduType type, Action<PduBuilder> body)
    {
        var builder = new PduBuilder();
        builder.Byte((byte)type).Byte(0).UInt32(0);
        body(builder);
        BinaryPrimitives.WriteUInt32BigEndian(builder._buffer.AsSpan(2), (uint)(builder._length - PduHeader.Size));
        return builder._buffer.AsSpan(0, builder._length).ToArray();
    }

    public PduBuilder Byte(byte value)
    {
        Reserve(1)[0] = value;
        return this;
    }

    public PduBuilder Zeros(int count)
    {
        Reserve(count).Clear();
        return this;
    }

    public PduBuilder UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);
        return this;
    }

    public PduBuilder UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);
        return this;
    }

    public PduBuilder Text(string value)
    {
        Encoding.ASCII.GetBytes(value, Reserve(value.Length));
        return this;
    }

    /// <summary>An AE title: 16 characters, padded with spaces.</summary>
    public PduBuilder AeTitle(string value) => Text((value.Length > 16 ? value[..16] : value).PadRight(16));

    /// <summary>An item or sub-item: type, reserved, 2-byte length, content (PS3.8 9.3.2, PS3.7 D.3.3).</summary>
    public PduBuilder Item(byte type, Action<PduBuilder> content)
    {
        Byte(type).Byte(0);
        var lengthAt = _length;
        UInt16(0);
        content(this);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(lengthAt), checked((ushort)(_length - lengthAt - 2)));
        return this;
    }

    private Span<byte> Reserve(int count)
    {
        if (_length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        }

        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }
}
