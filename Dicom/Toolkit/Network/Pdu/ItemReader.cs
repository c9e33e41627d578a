using System.Buffers.Binary;
using System.Text;

namespace FellowOakDicom.Network.Pdu;

/// <summary>Reads fields and items of a PDU's body. Every length is checked against what is left.</summary>
internal ref struct ItemReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public void Skip(int count) => Take(count);

    /// <summary>Text without its padding.</summary>
    public string Text(int count) => Encoding.ASCII.GetString(Take(count)).Trim(' ', '\0');

    /// <summary>Text up to the end without its padding.</summary>
    public string Text() => Text(_rest.Length);

    /// <summary>The next item's type; its content comes as a reader of its own.</summary>
    public byte Item(out ItemReader content)
    {
        var header = Take(4);
        content = new ItemReader(Take(BinaryPrimitives.ReadUInt16BigEndian(header[2..])));
        return header[0];
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw PduException.Invalid("An item of the PDU is longer than what holds it");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
