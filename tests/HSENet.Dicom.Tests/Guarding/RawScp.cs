using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Guarding;

/// <summary>An acceptor made of bytes: takes one association, waits for a message and says what it is told to.</summary>
internal sealed class RawScp : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public RawScp() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <param name="answers">PDUs, made of the context id and the message id of the first message.</param>
    public async Task ServeAsync(Func<byte, ushort, byte[][]> answers)
    {
        using var client = await _listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var request = await ReadAsync(stream);
        var contexts = RawPeer.Items(request[68..]).Where(i => i.Type == 0x20).Select(i => RawPeer.Item(
            0x21, [i.Value[0], 0, 0, 0, .. RawPeer.Item(0x40, RawPeer.Items(i.Value[4..]).First(s => s.Type == 0x40).Value)])).ToArray();
        await stream.WriteAsync(Bytes.Pdu(2, [[0, 1, 0, 0, .. request[4..36], .. new byte[32]], RawPeer.Item(0x10, "1.2.840.10008.3.1.1.1"u8), .. contexts,
            RawPeer.Item(0x50, RawPeer.Item(0x51, [0, 0, 0x40, 0]))]));
        var message = await ReadAsync(stream);
        var id = MessageId(message[6..]);
        foreach (var answer in answers(message[4], id))
            await stream.WriteAsync(answer);
        try
        {
            var rest = new byte[4096];
            while (await stream.ReadAsync(rest, TestContext.Current.CancellationToken) > 0)
            {
                if (rest[0] == 5)
                    await stream.WriteAsync(Bytes.Pdu(6, new byte[4]));
            }
        }
        catch (IOException)
        {
            // it has heard enough
        }
    }

    public void Dispose() => _listener.Dispose();

    private static async Task<byte[]> ReadAsync(NetworkStream stream)
    {
        var header = new byte[6];
        await stream.ReadExactlyAsync(header);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(2))];
        await stream.ReadExactlyAsync(body);
        return body;
    }

    private static ushort MessageId(byte[] command)
    {
        var at = 0;
        while (BinaryPrimitives.ReadUInt16LittleEndian(command.AsSpan(at + 2)) != 0x0110)
            at += 8 + BinaryPrimitives.ReadInt32LittleEndian(command.AsSpan(at + 4));
        return BinaryPrimitives.ReadUInt16LittleEndian(command.AsSpan(at + 8));
    }
}
