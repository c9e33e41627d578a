using System.Buffers.Binary;

namespace FellowOakDicom.Network.Pdu;

/// <summary>One presentation data value of a P-DATA-TF (PS3.8 9.3.5.1 and annex E.2).</summary>
internal readonly record struct PresentationDataValue(byte ContextId, bool IsCommand, bool IsLast, ReadOnlyMemory<byte> Data)
{
    /// <summary>Bytes before the data: item length, context id, message control header.</summary>
    public const int HeaderSize = 6;

    private const byte CommandBit = 1;
    private const byte LastBit = 2;

    /// <summary>Takes the first value off a P-DATA-TF body.</summary>
    public static PresentationDataValue Take(ref ReadOnlyMemory<byte> body)
    {
        if (body.Length < HeaderSize)
        {
            throw PduException.Invalid("A P-DATA-TF is too short for a presentation data value");
        }

        var span = body.Span;
        var length = BinaryPrimitives.ReadUInt32BigEndian(span);
        if (length < 2 || length > body.Length - 4)
        {
            throw PduException.Invalid("A presentation data value is longer than its P-DATA-TF");
        }

        var flags = span[5];
        var value = new PresentationDataValue(
            span[4], (flags & CommandBit) != 0, (flags & LastBit) != 0, body.Slice(HeaderSize, (int)length - 2));
        body = body[(4 + (int)length)..];
        return value;
    }

    /// <summary>Writes the headers of a P-DATA-TF with this one value in it; the data follow. Returns their size.</summary>
    public static int WriteHeaders(Span<byte> target, byte contextId, bool isCommand, bool isLast, int dataLength)
    {
        target[0] = (byte)PduType.Data;
        target[1] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(target[2..], (uint)(dataLength + HeaderSize));
        BinaryPrimitives.WriteUInt32BigEndian(target[PduHeader.Size..], (uint)(dataLength + 2));
        target[PduHeader.Size + 4] = contextId;
        target[PduHeader.Size + 5] = (byte)((isCommand ? CommandBit : 0) | (isLast ? LastBit : 0));
        return PduHeader.Size + HeaderSize;
    }
}
