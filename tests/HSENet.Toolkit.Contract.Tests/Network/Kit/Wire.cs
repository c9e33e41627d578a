using System.Buffers.Binary;
using System.Text;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>Bytes of PDUs and messages, put together by hand from PS3.8 and PS3.7, apart from the code under test.</summary>
internal static class Wire
{
    public const string Verification = "1.2.840.10008.1.1";
    public const string CtImageStorage = "1.2.840.10008.5.1.4.1.1.2";
    public const string SecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";
    public const string StudyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";
    public const string StorageCommitment = "1.2.840.10008.1.20.1";
    public const string StorageCommitmentInstance = "1.2.840.10008.1.20.1.1";
    public const string ImplicitLittle = "1.2.840.10008.1.2";
    public const string ExplicitLittle = "1.2.840.10008.1.2.1";
    public const string JpegLossless = "1.2.840.10008.1.2.4.70";
    public const string ApplicationContext = "1.2.840.10008.3.1.1.1";

    public static byte[] Concat(params IEnumerable<byte[]> parts) => [.. parts.SelectMany(p => p)];

    public static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    public static byte[] Pdu(byte type, params IEnumerable<byte[]> parts)
    {
        var body = Concat(parts);
        return [type, 0, .. Big32((uint)body.Length), .. body];
    }

    public static byte[] Item(byte type, params IEnumerable<byte[]> parts)
    {
        var body = Concat(parts);
        return [type, 0, .. Big16((ushort)body.Length), .. body];
    }

    public static byte[] Big16(ushort value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Big32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Little16(ushort value) => [(byte)value, (byte)(value >> 8)];

    public static byte[] Little32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] Title(string title) => Ascii(title.PadRight(16));

    public static byte[] Context(byte id, string abstractSyntax, params IEnumerable<string> syntaxes) => Item(
        0x20, [id, 0, 0, 0], Item(0x30, Ascii(abstractSyntax)), Concat(syntaxes.Select(s => Item(0x40, Ascii(s)))));

    public static byte[] UserInformation(uint maximumLength, params IEnumerable<byte[]> more) => Item(
        0x50, Item(0x51, Big32(maximumLength)), Item(0x52, Ascii("1.2.3.4")), Item(0x55, Ascii("RAW_PEER_1")), Concat(more));

    public static byte[] AssociateRequest(params IEnumerable<byte[]> items) => Pdu(1, RequestBody(items));

    public static byte[] RequestBody(IEnumerable<byte[]> items, ushort version = 1, string applicationContext = ApplicationContext, string calling = "CALLING") => Concat(
        Big16(version), new byte[2], Title("CALLED"), Title(calling), new byte[32], Item(0x10, Ascii(applicationContext)), Concat(items));

    public static byte[] Pdv(byte context, bool isCommand, bool isLast, byte[] data) =>
        [.. Big32((uint)data.Length + 2), context, (byte)((isCommand ? 1 : 0) | (isLast ? 2 : 0)), .. data];

    public static byte[] Element(ushort element, byte[] value) =>
        [0, 0, .. Little16(element), .. Little32((uint)value.Length), .. value];

    public static byte[] Uid(string uid) => Ascii(uid.Length % 2 == 0 ? uid : uid + "\0");

    public static byte[] Command(params IEnumerable<byte[]> elements)
    {
        var body = Concat(elements);
        return [.. Element(0, Little32((uint)body.Length)), .. body];
    }

    public static byte[] EchoCommand(ushort id) => Command(
        Element(0x0002, Uid(Verification)), Element(0x0100, Little16(0x0030)), Element(0x0110, Little16(id)), Element(0x0800, Little16(0x0101)));

    public static byte[] StoreCommand(ushort id, string instance = "1.2.3.4.5", string sopClass = CtImageStorage, bool hasDataset = true) => Command(
        Element(0x0002, Uid(sopClass)),
        Element(0x0100, Little16(0x0001)),
        Element(0x0110, Little16(id)),
        Element(0x0700, Little16(0)),
        Element(0x0800, Little16((ushort)(hasDataset ? 1 : 0x0101))),
        Element(0x1000, Uid(instance)));

    public static byte[] ActionCommand(ushort id, string instance, ushort type = 1) => Command(
        Element(0x0003, Uid(StorageCommitment)),
        Element(0x0100, Little16(0x0130)),
        Element(0x0110, Little16(id)),
        Element(0x0800, Little16(1)),
        Element(0x1001, Uid(instance)),
        Element(0x1008, Little16(type)));

    public static byte[] FindCommand(ushort id, string sopClass = StudyRootFind) => Command(
        Element(0x0002, Uid(sopClass)),
        Element(0x0100, Little16(0x0020)),
        Element(0x0110, Little16(id)),
        Element(0x0700, Little16(0)),
        Element(0x0800, Little16(1)));

    public static byte[] CancelCommand(ushort id) => Command(
        Element(0x0100, Little16(0x0FFF)), Element(0x0120, Little16(id)), Element(0x0800, Little16(0x0101)));

    public static byte[] Window(ushort invoked, ushort performed) => Item(0x53, Big16(invoked), Big16(performed));

    /// <summary>An element of a data set in implicit little endian.</summary>
    public static byte[] DataElement(ushort group, ushort element, byte[] value) =>
        [.. Little16(group), .. Little16(element), .. Little32((uint)value.Length), .. value];

    public static byte[] Role(string sopClass, byte user, byte provider) =>
        Item(0x54, Big16((ushort)sopClass.Length), Ascii(sopClass), [user, provider]);

    /// <summary>Elements of a command set as sent by a peer.</summary>
    public static Dictionary<ushort, byte[]> ReadCommand(ReadOnlySpan<byte> bytes)
    {
        var elements = new Dictionary<ushort, byte[]>();
        while (!bytes.IsEmpty)
        {
            Assert.Equal(0, BinaryPrimitives.ReadUInt16LittleEndian(bytes));
            var length = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            elements.Add(BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]), bytes.Slice(8, length).ToArray());
            bytes = bytes[(8 + length)..];
        }

        return elements;
    }
}
