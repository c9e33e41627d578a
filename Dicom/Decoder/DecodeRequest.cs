using System.Buffers.Binary;

namespace HSENet.Dicom.Decoder;

/// <summary>
/// One frame to decode. On the wire <see cref="HeaderBytes"/> bytes, little endian, then the codestream. The answer has <see
/// cref="DecodeAnswer.HeaderBytes"/> bytes, then
/// <see cref="FrameBytes"/> bytes of stored values in little endian when it is <see cref="DecodeStatus.Done"/>.
/// </summary>
/// <param name="Sequence">Comes back in the answer.</param>
/// <param name="CpuSeconds">Of processor time for this frame.</param>
internal readonly record struct DecodeRequest(
    uint Sequence, Codec Codec, int Rows, int Columns, int BitsAllocated, int BitsStored, bool IsSigned,
    int CodestreamBytes, int CpuSeconds)
{
    public const int HeaderBytes = 32;

    /// <summary>Rows and Columns are US (PS3.3 C.7.6.3).</summary>
    public const int LargestSide = ushort.MaxValue;

    /// <summary>Above what a slice can need, and below what could fill the memory limit.</summary>
    public const int LargestFrameBytes = 256 << 20;

    private const uint Magic = 0x51445348;      // "HSDQ"

    public int BytesPerSample => BitsAllocated / 8;

    public long FrameBytes => (long)Rows * Columns * BytesPerSample;

    /// <summary>Whether every number is in its range; both sides ask.</summary>
    public bool IsSound =>
        Rows is > 0 and <= LargestSide && Columns is > 0 and <= LargestSide
        && BitsAllocated is 8 or 16 && BitsStored > 0 && BitsStored <= BitsAllocated
        && FrameBytes <= LargestFrameBytes && CodestreamBytes is > 0 and <= LargestFrameBytes && CpuSeconds is > 0 and <= 3600;

    public void Write(Span<byte> header)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Sequence);
        header[8] = (byte)Codec;
        header[9] = (byte)BitsAllocated;
        header[10] = (byte)BitsStored;
        header[11] = IsSigned ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], Rows);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], Columns);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], CodestreamBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], CpuSeconds);
        header[28..HeaderBytes].Clear();
    }

    /// <returns>False when these bytes are no request.</returns>
    public static bool TryRead(ReadOnlySpan<byte> header, out DecodeRequest request)
    {
        request = new(
            BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            (Codec)header[8],
            BinaryPrimitives.ReadInt32LittleEndian(header[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[16..]),
            header[9],
            header[10],
            header[11] != 0,
            BinaryPrimitives.ReadInt32LittleEndian(header[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[24..]));
        return BinaryPrimitives.ReadUInt32LittleEndian(header) == Magic && request.IsSound;
    }
}
