using System.Buffers.Binary;
using System.Text;
using HSENet.Dicom.Tests.Files;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Guarding;

/// <summary>PDUs, command sets and data sets as bytes.</summary>
internal static class Bytes
{
    public const string Commitment = "1.2.840.10008.1.20.1";

    public static byte[] Pdu(byte type, params byte[][] parts)
    {
        byte[] body = [.. parts.SelectMany(p => p)];
        var header = new byte[6];
        header[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(2), body.Length);
        return [.. header, .. body];
    }

    public static byte[] Value(byte context, byte control, byte[] data)
    {
        var header = new byte[6];
        BinaryPrimitives.WriteInt32BigEndian(header, data.Length + 2);
        (header[4], header[5]) = (context, control);
        return [.. header, .. data];
    }

    /// <summary>Contexts 1 (CT), 3 (Verification) and 5 (Storage Commitment), all in implicit little endian.</summary>
    public static byte[] AssociateRequest() => Pdu(1, [new byte[68], .. Contexts().Select(c => RawPeer.Item(
        0x20, [c.Id, 0, 0, 0, .. RawPeer.Item(0x30, Encoding.ASCII.GetBytes(c.Syntax)), .. RawPeer.Item(0x40, "1.2.840.10008.1.2"u8)]))]);

    public static byte[] AssociateAccept() => Pdu(2, [new byte[68], .. Contexts().Select(c => RawPeer.Item(
        0x21, [c.Id, 0, 0, 0, .. RawPeer.Item(0x40, "1.2.840.10008.1.2"u8)]))]);

    public static byte[] Command(ushort field, ushort message = 7, bool hasDataSet = true, ushort? status = null)
    {
        var isResponse = (field & 0x8000) != 0;
        var bytes = new DataSetBytes(isExplicit: false).Element(0x00000100, "US", Number(field))
            .Element(isResponse ? 0x00000120u : 0x00000110, "US", Number(message))
            .Element(0x00000800, "US", Number((ushort)(hasDataSet ? 0 : 0x0101)));
        return (status is { } code ? bytes.Element(0x00000900, "US", Number(code)) : bytes).ToArray();
    }

    /// <summary>Sequences of undefined length within each other, whole: implicit little endian.</summary>
    public static byte[] Nested(int depth)
    {
        var bytes = new DataSetBytes(isExplicit: false);
        for (var i = 0; i < depth; i++)
            bytes.Header(0x00081199, "SQ", DataSetBytes.Undefined).Item(DataSetBytes.Undefined);
        for (var i = 0; i < depth; i++)
            bytes.ItemEnd().SequenceEnd();
        return bytes.ToArray();
    }

    /// <summary>A sequence of empty items.</summary>
    public static byte[] EmptyItems(int count)
    {
        var items = new DataSetBytes(isExplicit: false);
        for (var i = 0; i < count; i++)
            items.Item(0);
        return new DataSetBytes(isExplicit: false).Element(0x00081199, "SQ", items.ToArray()).ToArray();
    }

    public static byte[] Number(ushort value) => [(byte)value, (byte)(value >> 8)];

    private static (byte Id, string Syntax)[] Contexts() => [(1, RawPeer.CtImageStorage), (3, RawPeer.Verification), (5, Commitment)];
}
