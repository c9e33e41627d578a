using System.Buffers;
using System.Buffers.Binary;

namespace FellowOakDicom.Network.Pdu;

/// <summary>
/// Cuts PDUs out of a byte stream. Header first: type and length are checked before a buffer for the rest is rented. One caller at a time.
/// </summary>
internal sealed class PduReader(Stream stream) : IDisposable
{
    private const int InitialSize = 4096;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialSize);
    private int _start;
    private int _end;

    /// <summary>Longest P-DATA-TF accepted, bytes.</summary>
    public uint MaximumDataLength { get; set; } = PduLimits.Data;

    /// <summary>The next header, or null when the peer closed the connection between two PDUs.</summary>
    public async ValueTask<PduHeader?> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(PduHeader.Size, cancellationToken))
        {
            return _end == _start ? null : throw new EndOfStreamException("The connection closed inside a PDU header");
        }

        return Parse(_buffer.AsSpan(_start, PduHeader.Size));
    }

    /// <summary>The variable part. The memory is valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(PduHeader header, CancellationToken cancellationToken)
    {
        var total = PduHeader.Size + header.Length;
        if (!await FillAsync(total, cancellationToken))
        {
            throw new EndOfStreamException("The connection closed inside a PDU");
        }

        var body = _buffer.AsMemory(_start + PduHeader.Size, header.Length);
        _start += total;
        return body;
    }

    /// <summary>Reads and forgets until the peer closes (state Sta13 of PS3.8 9.2).</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        int count;
        do
        {
            count = await stream.ReadAsync(_buffer, cancellationToken);
        }
        while (count > 0);
    }

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private PduHeader Parse(ReadOnlySpan<byte> header)
    {
        if (header[0] is < (byte)PduType.AssociateRequest or > (byte)PduType.Abort)
        {
            throw new PduException(DicomAbortReason.UnrecognizedPDU, $"PDU type {header[0]} does not exist") { IsForeign = true };
        }

        var type = (PduType)header[0];
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[2..]);
        uint limit = type switch
        {
            PduType.AssociateRequest or PduType.AssociateAccept => PduLimits.Associate,
            PduType.Data => MaximumDataLength,
            _ => PduLimits.Fixed,
        };
        return length <= limit
            ? new PduHeader(type, (int)length)
            : throw PduException.Invalid($"A PDU of type {header[0]} with {length} bytes exceeds the limit of {limit}");
    }

    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        while (_end - _start < count)
        {
            MakeRoom(count);
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }

    private void MakeRoom(int count)
    {
        if (_buffer.Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(count);
            _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (_start + count > _buffer.Length || _start == _end)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        }
        else
        {
            return;
        }

        _end -= _start;
        _start = 0;
    }
}
