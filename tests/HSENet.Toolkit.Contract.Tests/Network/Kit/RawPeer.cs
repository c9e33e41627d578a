using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>A PDU as read by a <see cref="RawPeer"/>.</summary>
internal sealed record RawPdu(byte Type, byte[] Body);

/// <summary>The result of a context in an A-ASSOCIATE-AC.</summary>
internal sealed record RawResult(byte Id, byte Result, string TransferSyntax);

/// <summary>Status and elements of a response.</summary>
internal sealed record RawResponse(ushort Status, ushort RequestId, Dictionary<ushort, byte[]> Elements);

/// <summary>The other end of a connection, speaking bytes.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    public RawPeer(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
    }

    private static TimeSpan Deadline => TimeSpan.FromSeconds(20);

    public static async Task<RawPeer> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new RawPeer(socket);
    }

    /// <summary>Connects and associates for one SOP class in implicit little endian, context 1.</summary>
    public static async Task<RawPeer> AssociatedForAsync(int port, string sopClass, params byte[][] userItems)
    {
        var peer = await ConnectAsync(port);
        await peer.SendAsync(Wire.AssociateRequest(Wire.Context(1, sopClass, Wire.ImplicitLittle), Wire.UserInformation(0, userItems)));
        await peer.ReadAsync(2);
        return peer;
    }

    /// <summary>Connects and associates: CT and verification in implicit and explicit little endian.</summary>
    public static async Task<RawPeer> AssociatedAsync(int port, uint maximumLength = 0)
    {
        var peer = await ConnectAsync(port);
        await peer.SendAsync(Wire.AssociateRequest(
            Wire.Context(1, Wire.Verification, Wire.ImplicitLittle),
            Wire.Context(3, Wire.CtImageStorage, Wire.ImplicitLittle),
            Wire.Context(5, Wire.CtImageStorage, Wire.ExplicitLittle),
            Wire.UserInformation(maximumLength)));
        await peer.ReadAsync(2);
        return peer;
    }

    public async Task SendAsync(params IEnumerable<byte[]> parts) => await _stream.WriteAsync(Wire.Concat(parts));

    /// <summary>One P-DATA-TF for each value.</summary>
    public Task SendDataAsync(params IEnumerable<byte[]> values) => SendAsync(values.Select(v => Wire.Pdu(4, v)));

    public Task SendEchoAsync(ushort id) => SendDataAsync(Wire.Pdv(1, true, true, Wire.EchoCommand(id)));

    public Task SendStoreAsync(ushort id, byte[] data, string instance = "1.2.3.4.5", byte context = 3) => SendDataAsync(
        Wire.Pdv(context, true, true, Wire.StoreCommand(id, instance)), Wire.Pdv(context, false, true, data));

    /// <summary>The next PDU; null when the connection was closed or reset.</summary>
    public async Task<RawPdu?> ReadAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            var header = new byte[6];
            if (await _stream.ReadAtLeastAsync(header, 6, throwOnEndOfStream: false, deadline.Token) < 6)
            {
                return null;
            }

            var body = new byte[BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(2))];
            await _stream.ReadExactlyAsync(body, deadline.Token);
            return new RawPdu(header[0], body);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The next PDU of the given type, or the test fails.</summary>
    public async Task<byte[]> ReadAsync(byte type)
    {
        var pdu = await ReadAsync();
        Assert.NotNull(pdu);
        Assert.Equal(type, pdu.Type);
        return pdu.Body;
    }

    /// <summary>Bytes as they come in, at least one; none at the end.</summary>
    public async Task<byte[]> ReadSomeAsync()
    {
        var buffer = new byte[65536];
        using var deadline = new CancellationTokenSource(Deadline);
        return buffer[..await _stream.ReadAsync(buffer, deadline.Token)];
    }

    /// <summary>Nothing more but the end of the connection.</summary>
    public async Task ExpectClosedAsync() => Assert.Null(await ReadAsync());

    public async Task ExpectAbortAsync(byte source, byte reason)
    {
        var body = await ReadAsync(7);
        Assert.Equal((source, reason), (body[2], body[3]));
        await ExpectClosedAsync();
    }

    /// <summary>A response, of as many fragments as it has.</summary>
    public async Task<RawResponse> ReadResponseAsync()
    {
        var elements = await ReadCommandAsync();
        return new RawResponse(
            BinaryPrimitives.ReadUInt16LittleEndian(elements[0x0900]), BinaryPrimitives.ReadUInt16LittleEndian(elements[0x0120]), elements);
    }

    /// <summary>A data set in one fragment.</summary>
    public async Task<byte[]> ReadDatasetAsync()
    {
        var body = await ReadAsync(4);
        Assert.Equal(2, body[5]);
        return body[6..];
    }

    /// <summary>A command set, of as many fragments as it has.</summary>
    public async Task<Dictionary<ushort, byte[]>> ReadCommandAsync()
    {
        var command = new List<byte>();
        bool isLast;
        do
        {
            var body = await ReadAsync(4);
            Assert.Equal((uint)body.Length - 4, BinaryPrimitives.ReadUInt32BigEndian(body));
            Assert.Equal(1, body[5] & 1);
            isLast = (body[5] & 2) != 0;
            command.AddRange(body[6..]);
        }
        while (!isLast);
        return Wire.ReadCommand(command.ToArray());
    }

    /// <summary>The results in an A-ASSOCIATE-AC.</summary>
    public static IReadOnlyList<RawResult> Results(byte[] body) =>
        [.. Items(body.AsSpan(68)).Where(i => i.Type == 0x21).Select(
            i => new RawResult(i.Body[0], i.Body[2], System.Text.Encoding.ASCII.GetString(Items(i.Body.AsSpan(4)).Single().Body)))];

    /// <summary>The user information of an A-ASSOCIATE-AC or -RQ.</summary>
    public static IReadOnlyList<RawPdu> UserInformation(byte[] body) => Items(Items(body.AsSpan(68)).Single(i => i.Type == 0x50).Body);

    public static IReadOnlyList<RawPdu> Items(ReadOnlySpan<byte> bytes)
    {
        var items = new List<RawPdu>();
        while (!bytes.IsEmpty)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            items.Add(new RawPdu(bytes[0], bytes.Slice(4, length).ToArray()));
            bytes = bytes[(4 + length)..];
        }

        return items;
    }

    /// <summary>Closes without a farewell.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public void Dispose() => _stream.Dispose();
}
