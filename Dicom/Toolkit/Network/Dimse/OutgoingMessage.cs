using System.Buffers;
using FellowOakDicom.Network.Pdu;

namespace FellowOakDicom.Network.Dimse;

/// <summary>A command set and its data set, cut into PDVs that the peer can take: one PDV in each P-DATA-TF.</summary>
/// <param name="contextId">Accepted presentation context.</param>
/// <param name="command">Encoded command set.</param>
/// <param name="data">Encoded data set, seekable and at its start; null when there is none.</param>
/// <param name="peerMaximum">The peer's maximum length, 0 for no limit.</param>
/// <param name="ownMaximum">Our maximum, not 0.</param>
internal sealed class OutgoingMessage(byte contextId, byte[] command, Stream? data, uint peerMaximum, uint ownMaximum)
{
    private readonly int _fragment = FragmentSize(peerMaximum, ownMaximum);

    /// <summary>Writes the whole message; a command set goes out together with the first part of its data set.</summary>
    public async Task WriteAsync(Func<ReadOnlyMemory<byte>, Task> write)
    {
        var dataSize = data is null ? 0 : (int)Math.Min(data.Length - data.Position, _fragment);
        const int Headers = PduHeader.Size + PresentationDataValue.HeaderSize;
        var commandSize = command.Length + (((command.Length - 1) / _fragment) + 1) * Headers;
        var buffer = ArrayPool<byte>.Shared.Rent(commandSize + dataSize + Headers);
        try
        {
            var used = FrameCommand(buffer);
            while (data is not null)
            {
                var count = (int)Math.Min(data.Length - data.Position, _fragment);
                var isLast = data.Position + count == data.Length;
                used += PresentationDataValue.WriteHeaders(buffer.AsSpan(used), contextId, isCommand: false, isLast, count);
                await data.ReadExactlyAsync(buffer.AsMemory(used, count));
                used += count;
                if (isLast)
                {
                    break;
                }

                await write(buffer.AsMemory(0, used));
                used = 0;
            }

            await write(buffer.AsMemory(0, used));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Fragments have an even length, as data sets have.
    private static int FragmentSize(uint peerMaximum, uint ownMaximum)
    {
        var limit = peerMaximum == 0 ? ownMaximum : Math.Min(peerMaximum, ownMaximum);
        return ((int)limit - PresentationDataValue.HeaderSize) & ~1;
    }

    private int FrameCommand(Span<byte> buffer)
    {
        var used = 0;
        for (var start = 0; start < command.Length; start += _fragment)
        {
            var count = Math.Min(command.Length - start, _fragment);
            used += PresentationDataValue.WriteHeaders(buffer[used..], contextId, isCommand: true, start + count == command.Length, count);
            command.AsSpan(start, count).CopyTo(buffer[used..]);
            used += count;
        }

        return used;
    }
}
