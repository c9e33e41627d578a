using System.Buffers.Binary;
using System.Text;
using HSENet.TestKit;

namespace HSENet.Integration.Tests.Hostile;

/// <summary>
/// A file cut into what a sender puts on the wire: the command's UIDs and the transfer syntax as the file meta information says (the usual ones where it says nothing),
/// and the data set's bytes as they stand. What is no DICOM file at all is a data set from its first byte. Reads nothing through the code under test.
/// </summary>
internal sealed record SentFile
{
    private const string NoUid = "1.2.3.4";
    private const string BigEndian = "1.2.840.10008.1.2.2";

    private SentFile(byte[] bytes)
    {
        var at = bytes.Length >= 132 && bytes.AsSpan(128, 4).SequenceEqual("DICM"u8) ? 132 : 0;
        string sopClass = "", sopInstance = "", transferSyntax = "";
        while (TryElement(bytes, at, out var element, out var value, out var end))
        {
            var text = Encoding.Latin1.GetString(value).Trim('\0', ' ');
            if (element == 0x0002)
                sopClass = text;
            else if (element == 0x0003)
                sopInstance = text;
            else if (element == 0x0010)
                transferSyntax = text;
            at = end;
        }

        var isInsideMeta = at > 0 && bytes.Length - at >= 4 && BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at)) == 2;
        DataSet = isInsideMeta || (at >= 132 && at == bytes.Length) ? [] : bytes[at..];
        TransferSyntaxUid = transferSyntax.Length > 0 ? transferSyntax : Guess(DataSet);
        SopClassUid = sopClass.Length > 0 ? sopClass : Uid(0x0016) ?? RawPeer.CtImageStorage;
        SopInstanceUid = sopInstance.Length > 0 ? sopInstance : Uid(0x0018) ?? NoUid;
    }

    public byte[] DataSet { get; }

    public string TransferSyntaxUid { get; }

    public string SopClassUid { get; }

    public string SopInstanceUid { get; }

    public static SentFile Read(string path) => new(File.ReadAllBytes(path));

    /// <summary>One element of group 0002, explicit VR little endian (PS3.10 7.1).</summary>
    private static bool TryElement(byte[] bytes, int at, out ushort element, out ReadOnlySpan<byte> value, out int end)
    {
        element = 0;
        value = default;
        end = at;
        if (bytes.Length - at < 12 || BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at)) != 2)
            return false;
        element = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 2));
        var isLong = Encoding.Latin1.GetString(bytes, at + 4, 2) is "OB" or "UN";
        var length = isLong ? BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)) : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 6));
        var start = at + (isLong ? 12 : 8);
        if (length > bytes.Length - start)
            return false;
        value = bytes.AsSpan(start, (int)length);
        end = start + (int)length;
        return true;
    }

    private static string Guess(byte[] dataSet)
    {
        if (dataSet.Length < 8 || (char.IsAsciiLetterUpper((char)dataSet[4]) && char.IsAsciiLetterUpper((char)dataSet[5])))
            return dataSet is [0, 8, ..] ? BigEndian : RawPeer.ExplicitLittleEndian;
        return dataSet[0] < 0x20 && dataSet[1] == 0 ? RawPeer.ImplicitLittleEndian : RawPeer.ExplicitLittleEndian;
    }

    /// <summary>A UID of group 0008 of a bare data set: its elements are walked one by one.</summary>
    private string? Uid(ushort wanted)
    {
        var isExplicit = TransferSyntaxUid != RawPeer.ImplicitLittleEndian;
        for (var at = 0; at + 8 <= DataSet.Length;)
        {
            var (group, element) = (UInt16(at), UInt16(at + 2));
            var length = isExplicit ? UInt16(at + 6) : BinaryPrimitives.ReadInt32LittleEndian(DataSet.AsSpan(at + 4));
            if (group != 8 || element > wanted || length < 0 || length > DataSet.Length - at - 8)
                return null;
            if (element == wanted)
                return Encoding.Latin1.GetString(DataSet, at + 8, length).Trim('\0', ' ') is { Length: > 0 } uid ? uid : null;
            at += 8 + length;
        }

        return null;
    }

    private ushort UInt16(int at) => TransferSyntaxUid == BigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(DataSet.AsSpan(at))
        : BinaryPrimitives.ReadUInt16LittleEndian(DataSet.AsSpan(at));
}
