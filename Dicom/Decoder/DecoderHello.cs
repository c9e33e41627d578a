using System.Buffers.Binary;

namespace HSENet.Dicom.Decoder;

/// <summary>The first bytes of a started decoder: the libraries it has, as major * 65536 + minor * 256 + patch, 0 where absent.</summary>
internal readonly record struct DecoderHello(int CharLsVersion, int OpenJpegVersion)
{
    public const int Bytes = 16;

    private const uint Magic = 0x48445348;      // "HSDH"
    private const int Protocol = 1;

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Protocol);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], CharLsVersion);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], OpenJpegVersion);
    }

    /// <returns>False when these bytes come from another program or version.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out DecoderHello hello)
    {
        hello = new(BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]));
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic && BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) == Protocol;
    }
}
