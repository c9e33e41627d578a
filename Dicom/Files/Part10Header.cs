using System.Buffers.Binary;
using System.Text;

namespace HSENet.Dicom.Files;

/// <summary>Preamble, DICM and file meta information (PS3.10 7.1) for a data set that is kept as it was received.</summary>
internal sealed record Part10Header
{
    public const int PreambleLength = 128;

    public required string SopClassUid { get; init; }

    public required string SopInstanceUid { get; init; }

    public required string TransferSyntaxUid { get; init; }

    /// <summary>Whose AE title the data set came from; empty for one that came by no association.</summary>
    public required string SendingAe { get; init; }

    public required string ReceivingAe { get; init; }

    public byte[] ToBytes()
    {
        var meta = new List<byte>(512);
        Add(meta, 0x0001, "OB", [0, 1]);
        Add(meta, 0x0002, "UI", Uid(SopClassUid));
        Add(meta, 0x0003, "UI", Uid(SopInstanceUid));
        Add(meta, 0x0010, "UI", Uid(TransferSyntaxUid));
        Add(meta, 0x0012, "UI", Uid(ImplementationIdentity.ClassUid));
        Add(meta, 0x0013, "SH", Text(ImplementationIdentity.VersionName));
        if (SendingAe.Length > 0)
        {
            Add(meta, 0x0016, "AE", Text(SendingAe));
            Add(meta, 0x0017, "AE", Text(SendingAe));
            Add(meta, 0x0018, "AE", Text(ReceivingAe));
        }

        var length = new List<byte>(12);
        var value = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(value, (uint)meta.Count);
        Add(length, 0x0000, "UL", value);
        return [.. new byte[PreambleLength], .. "DICM"u8, .. length, .. meta];
    }

    private static void Add(List<byte> bytes, ushort element, string vr, byte[] value)
    {
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteUInt16LittleEndian(header, 0x0002);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], element);
        header[4] = (byte)vr[0];
        header[5] = (byte)vr[1];
        if (vr == "OB")
            BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)value.Length);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(header[6..], (ushort)value.Length);
        bytes.AddRange(vr == "OB" ? header : header[..8]);
        bytes.AddRange(value);
    }

    private static byte[] Uid(string value) => Encoding.ASCII.GetBytes(value.Length % 2 == 0 ? value : value + '\0');

    private static byte[] Text(string value) => Encoding.ASCII.GetBytes(value.Length % 2 == 0 ? value : value + ' ');
}
