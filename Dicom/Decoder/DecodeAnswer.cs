using System.Buffers.Binary;

namespace HSENet.Dicom.Decoder;

/// <summary>What became of a request.</summary>
/// <param name="Detail">The library's own number of the fault, or 0.</param>
internal readonly record struct DecodeAnswer(uint Sequence, DecodeStatus Status, int Detail, int FrameBytes)
{
    public const int HeaderBytes = 20;

    private const uint Magic = 0x41445348;      // "HSDA"

    public void Write(Span<byte> header)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)Status);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], Detail);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], FrameBytes);
    }

    /// <returns>False when these bytes are no answer to <paramref name="request"/>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> header, DecodeRequest request, out DecodeAnswer answer)
    {
        var status = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        answer = new(
            BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            (DecodeStatus)status,
            BinaryPrimitives.ReadInt32LittleEndian(header[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[16..]));
        return BinaryPrimitives.ReadUInt32LittleEndian(header) == Magic
            && answer.Sequence == request.Sequence
            && status <= (uint)DecodeStatus.NoLibrary
            && answer.FrameBytes == (answer.Status == DecodeStatus.Done ? request.FrameBytes : 0);
    }
}
