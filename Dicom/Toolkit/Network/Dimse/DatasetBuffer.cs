using System.Buffers;
using System.Text;
using FellowOakDicom.IO;

namespace FellowOakDicom.Network.Dimse;

/// <summary>The data set of a message that is parsed as a whole. It grows with what has come, up to a limit.</summary>
internal sealed class DatasetBuffer
{
    /// <summary>Bytes as they come, and again as they are inflated where they come deflated; room for a storage commitment request of over 100 000 instances.</summary>
    public const int Limit = 16 * 1024 * 1024;

    /// <summary>An empty item is 8 bytes on the wire and some 150 in memory: of such, <see cref="Limit"/> would be 300 MB.</summary>
    private const int MaximumItems = 400_000;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>False: there was no room.</summary>
    public bool TryWrite(ReadOnlySpan<byte> data)
    {
        if (_bytes.WrittenCount + data.Length > Limit)
        {
            return false;
        }

        _bytes.Write(data);
        return true;
    }

    /// <exception cref="IO.Reader.DatasetTooLongException">Inflated it is over the limit.</exception>
    /// <exception cref="DicomDataException">Damaged bytes.</exception>
    public DicomDataset Parse(DicomTransferSyntax syntax, Encoding? fallbackEncoding) =>
        DatasetCodec.Read(_bytes.WrittenMemory, syntax, fallbackEncoding, inflatedLimit: Limit, maximumItems: MaximumItems);
}
