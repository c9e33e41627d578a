using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace HSENet.TestKit;

/// <summary>A requestor made of bytes (PS3.8 9.3), for what no well-behaved peer would send.</summary>
public sealed class RawPeer : IAsyncDisposable
{
    public const string CtImageStorage = "1.2.840.10008.5.1.4.1.1.2";
    public const string Verification = "1.2.840.10008.1.1";
    public const string StorageCommitment = "1.2.840.10008.1.20.1";
    public const string ImplicitLittleEndian = "1.2.840.10008.1.2";
    public const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";
    public const string Jpeg2000Lossless = "1.2.840.10008.1.2.4.90";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly TcpClient _client;
    private Stream _stream = Stream.Null;

    private RawPeer(string from) => _client = new(new IPEndPoint(IPAddress.Parse(from), 0)) { NoDelay = true };

    /// <param name="port">On loopback.</param>
    /// <param name="from">Our address, of 127.0.0.0/8.</param>
    /// <param name="wrap">Puts TLS around the connection, for one.</param>
    public static async Task<RawPeer> ConnectAsync(int port, string from = "127.0.0.1", Func<Stream, Task<Stream>>? wrap = null)
    {
        var peer = new RawPeer(from);
        await peer._client.ConnectAsync("127.0.0.1", port);
        peer._stream = wrap is null ? peer._client.GetStream() : await wrap(peer._client.GetStream());
        return peer;
    }

    /// <summary>Connects and sends an A-ASSOCIATE-RQ; contexts get the ids 1, 3, 5 …</summary>
    public static async Task<RawPeer> RequestAsync(
        int port, IReadOnlyList<(string AbstractSyntax, string[] TransferSyntaxes)> contexts, string calledAe = "HSENET", byte[]? userItems = null,
        string from = "127.0.0.1", Func<Stream, Task<Stream>>? wrap = null, string callingAe = "RAWPEER")
    {
        var peer = await ConnectAsync(port, from, wrap);
        var body = new List<byte> { 0, 1, 0, 0 };
        body.AddRange(Encoding.ASCII.GetBytes(calledAe.PadRight(16) + callingAe.PadRight(16)));
        body.AddRange(new byte[32]);
        body.AddRange(Item(0x10, "1.2.840.10008.3.1.1.1"u8));
        for (var i = 0; i < contexts.Count; i++)
        {
            byte[] parts = [(byte)(2 * i + 1), 0, 0, 0, .. Item(0x30, Encoding.ASCII.GetBytes(contexts[i].AbstractSyntax)),
                .. contexts[i].TransferSyntaxes.SelectMany(t => Item(0x40, Encoding.ASCII.GetBytes(t)))];
            body.AddRange(Item(0x20, parts));
        }

        body.AddRange(Item(0x50, [.. Item(0x51, [0, 0, 0x40, 0]), .. Item(0x52, "1.2.3.4"u8), .. userItems ?? []]));
        await peer.SendPduAsync(0x01, [.. body]);
        return peer;
    }

    /// <summary>An association for CT Image Storage in one transfer syntax and Verification, accepted.</summary>
    public static async Task<RawPeer> AssociateAsync(int port, string transferSyntax = ExplicitLittleEndian)
    {
        var peer = await RequestAsync(port, [(CtImageStorage, [transferSyntax]), (Verification, [ImplicitLittleEndian])]);
        var (type, _) = await peer.ReceivePduAsync();
        Assert.Equal(0x02, type);
        return peer;
    }

    /// <summary>What follows the file meta information of a Part 10 file whose (0002,0000) comes first and is right.</summary>
    public static byte[] DataSetOf(byte[] file) => file[(144 + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(140)))..];

    public static byte[] Item(byte type, ReadOnlySpan<byte> value)
    {
        var item = new byte[4 + value.Length];
        item[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(item.AsSpan(2), (ushort)value.Length);
        value.CopyTo(item.AsSpan(4));
        return item;
    }

    /// <summary>Result (0 accepted, 3 and 4 refused) and transfer syntax of each context of an A-ASSOCIATE-AC, by id.</summary>
    public static Dictionary<byte, (byte Result, string TransferSyntax)> Contexts(byte[] accept)
    {
        var contexts = new Dictionary<byte, (byte, string)>();
        foreach (var (type, value) in Items(accept[68..]))
        {
            if (type == 0x21)
                contexts[value[0]] = (value[2], Encoding.ASCII.GetString(Items(value[4..]).Single().Value).TrimEnd('\0'));
        }

        return contexts;
    }

    public static IEnumerable<(byte Type, byte[] Value)> Items(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at + 2));
            yield return (bytes[at], bytes[(at + 4)..(at + 4 + length)]);
            at += 4 + length;
        }
    }

    /// <summary>C-STORE-RQ and data set in context 1, without waiting.</summary>
    /// <param name="cutAt">Sends only so many bytes of the data set, none of them marked as last.</param>
    public async Task SendStoreAsync(
        string sopInstanceUid, byte[] dataSet, ushort messageId = 1, int? cutAt = null, string sopClassUid = CtImageStorage)
    {
        await SendDataAsync(1, 0x03, Command(0x0001, sopClassUid, messageId, sopInstanceUid));
        var end = cutAt ?? dataSet.Length;
        if (end == 0 && cutAt is null)
            await SendDataAsync(1, 0x02, []);
        for (var at = 0; at < end; at += 16000)
        {
            var last = cutAt is null && at + 16000 >= end;
            await SendDataAsync(1, (byte)(last ? 0x02 : 0x00), dataSet[at..Math.Min(end, at + 16000)]);
        }
    }

    public async Task<(ushort Status, string? Comment)> StoreAsync(
        string sopInstanceUid, byte[] dataSet, ushort messageId = 1, string sopClassUid = CtImageStorage)
    {
        await SendStoreAsync(sopInstanceUid, dataSet, messageId, sopClassUid: sopClassUid);
        return await ReceiveStatusAsync();
    }

    public async Task<ushort> EchoAsync()
    {
        await SendDataAsync(3, 0x03, Command(0x0030, Verification, 99, null));
        return (await ReceiveStatusAsync()).Status;
    }

    public async Task ReleaseAsync()
    {
        await SendPduAsync(0x05, new byte[4]);
        Assert.Equal(0x06, (await ReceivePduAsync()).Type);
    }

    public Task AbortAsync() => SendPduAsync(0x07, new byte[4]);

    public Task SendRawAsync(byte[] bytes) => _stream.WriteAsync(bytes).AsTask();

    public async Task SendPduAsync(byte type, byte[] body)
    {
        var header = new byte[6];
        header[0] = type;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(2), (uint)body.Length);
        await _stream.WriteAsync((byte[])[.. header, .. body]);
    }

    public Task SendDataAsync(byte context, byte control, byte[] fragment)
    {
        var value = new byte[6 + fragment.Length];
        BinaryPrimitives.WriteUInt32BigEndian(value, (uint)fragment.Length + 2);
        value[4] = context;
        value[5] = control;
        fragment.CopyTo(value, 6);
        return SendPduAsync(0x04, value);
    }

    /// <summary>Type 0 when the peer has closed the connection.</summary>
    public async Task<(byte Type, byte[] Body)> ReceivePduAsync()
    {
        using var limit = new CancellationTokenSource(Deadline);
        var header = new byte[6];
        if (await _stream.ReadAtLeastAsync(header, 6, throwOnEndOfStream: false, limit.Token) < 6)
            return (0, []);
        var body = new byte[BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(2))];
        await _stream.ReadExactlyAsync(body, limit.Token);
        return (header[0], body);
    }

    public async Task<(ushort Status, string? Comment)> ReceiveStatusAsync()
    {
        var (type, body) = await ReceivePduAsync();
        Assert.Equal(0x04, type);
        var elements = new Dictionary<ushort, byte[]>();
        for (var at = 6; at < body.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(at + 4));
            elements[BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(at + 2))] = body[(at + 8)..(at + 8 + length)];
            at += 8 + length;
        }

        var comment = elements.TryGetValue(0x0902, out var bytes) ? Encoding.ASCII.GetString(bytes) : null;
        return (BinaryPrimitives.ReadUInt16LittleEndian(elements[0x0900]), comment);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stream.DisposeAsync();
        }
        catch (IOException)
        {
            // the other side was first
        }

        _client.Dispose();
    }

    /// <summary>A request of any kind with a data set, without waiting.</summary>
    public async Task SendRequestAsync(byte context, ushort field, string sopClassUid, byte[] dataSet, ushort messageId = 7)
    {
        var command = Command(field, sopClassUid, messageId, null, field is 0x0130 or 0x0110 or 0x0120 or 0x0150, hasDataSet: true);
        await SendDataAsync(context, 0x03, command);
        for (var at = 0; at < dataSet.Length || at == 0; at += 100_000)
            await SendDataAsync(context, (byte)(at + 100_000 >= dataSet.Length ? 0x02 : 0x00), dataSet[at..Math.Min(dataSet.Length, at + 100_000)]);
    }

    /// <summary>A PDU with one value, the only one of its command set or data set.</summary>
    public static byte[] Message(byte context, byte[] bytes, bool isCommand = true)
    {
        var header = new byte[12];
        header[0] = 4;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(2), bytes.Length + 6);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(6), bytes.Length + 2);
        (header[10], header[11]) = (context, (byte)(isCommand ? 3 : 2));
        return [.. header, .. bytes];
    }

    /// <summary>Takes whatever comes, until the connection ends.</summary>
    public async Task ReadToEndAsync()
    {
        try
        {
            var buffer = new byte[64 << 10];
            while (await _stream.ReadAsync(buffer) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // that is an end, too
        }
    }

    public static byte[] Command(
        ushort field, string sopClassUid, ushort messageId, string? sopInstanceUid, bool isRequested = false, bool hasDataSet = false)
    {
        var elements = new List<byte>();
        Element(elements, (ushort)(isRequested ? 0x0003 : 0x0002), Encoding.ASCII.GetBytes(sopClassUid.Length % 2 == 0 ? sopClassUid : sopClassUid + '\0'));
        Element(elements, 0x0100, UInt16(field));
        Element(elements, 0x0110, UInt16(messageId));
        if (sopInstanceUid is not null)
            Element(elements, 0x0700, UInt16(0));
        Element(elements, 0x0800, UInt16((ushort)(sopInstanceUid is null && !hasDataSet ? 0x0101 : 0x0000)));
        if (field == 0x0130)
        {
            Element(elements, 0x1001, "1.2.840.10008.1.20.1.1"u8.ToArray());
            Element(elements, 0x1008, UInt16(1));
        }

        if (field == 0x0100)
        {
            Element(elements, 0x1000, "1.2.840.10008.1.20.1.1"u8.ToArray());
            Element(elements, 0x1002, UInt16(1));
        }

        if (sopInstanceUid is not null)
            Element(elements, 0x1000, Encoding.ASCII.GetBytes(sopInstanceUid.Length % 2 == 0 ? sopInstanceUid : sopInstanceUid + '\0'));
        var group = new List<byte>();
        Element(group, 0x0000, [.. UInt16((ushort)elements.Count), 0, 0]);
        return [.. group, .. elements];
    }

    private static void Element(List<byte> bytes, ushort element, byte[] value)
    {
        bytes.AddRange([0, 0, .. UInt16(element), .. UInt16((ushort)value.Length), 0, 0, .. value]);
    }

    private static byte[] UInt16(ushort value) => [(byte)value, (byte)(value >> 8)];
}
