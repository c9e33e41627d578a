using System.Net.Sockets;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests.Attacks;

/// <summary>One way to stop the service from the network, bounded in number, from loopback addresses of its own.</summary>
/// <param name="Name">What it does.</param>
/// <param name="RunAsync">On a port, until it is told to stop.</param>
internal sealed record Attack(string Name, Func<int, CancellationToken, Task> RunAsync)
{
    private const string Commitment = "1.2.840.10008.1.20.1";
    private const string Entitled = "PACS"; // a destination of the worker: entitled to storage commitment

    /// <summary>Transaction UID and an empty Referenced SOP Sequence.</summary>
    private static readonly byte[] s_unknownResult = [0x08, 0, 0x95, 0x11, 6, 0, 0, 0, .. "1.2.99"u8, 0x08, 0, 0x99, 0x11, 0, 0, 0, 0];

    private static readonly (string, string[])[] s_contexts =
    [
        (RawPeer.CtImageStorage, [RawPeer.ImplicitLittleEndian]), (RawPeer.Verification, [RawPeer.ImplicitLittleEndian]), (Commitment, [RawPeer.ImplicitLittleEndian]),
    ];

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("60 callers with 3 MB of empty items each", (port, stop) => ManyAsync(60, i => AskAsync(port, i, EmptyItems(3 << 20), stop), stop)),
        new("sequences 16 000 deep in each kind of message", (port, stop) => ManyAsync(8, i => AskAsync(port, i, Nested(16_000), stop), stop)),
        new("connections without an end, closed at once", (port, stop) => ManyAsync(4, async i => await (await RawPeer.ConnectAsync(port, Address(i))).DisposeAsync(), stop)),
        new("messages without an end", (port, stop) => ManyAsync(40, i => PourAsync(port, i, stop), stop)),
        new("288 refused requests a second", (port, stop) => ManyAsync(4, async i =>
        {
            await using var peer = await RawPeer.RequestAsync(port, s_contexts, calledAe: "NOBODY", from: Address(i));
            await peer.ReceivePduAsync();
            await Task.Delay(1000 * 4 / 288, stop);
        }, stop)),
        new("64 addresses that hold all they may", (port, stop) => ManyAsync(64, i => HoldAsync(port, i, stop), stop)),
        new("slow requests and slow instances", (port, stop) => ManyAsync(64, i => TrickleAsync(port, i, stop), stop)),
    ];

    /// <summary>So many addresses connect and say nothing; whoever is closed comes again.</summary>
    public static Task SilentAsync(int count, int port, CancellationToken stop) => ManyAsync(count, async i =>
    {
        await using var peer = await RawPeer.ConnectAsync(port, $"127.0.5.{i}");
        await peer.ReceivePduAsync().WaitAsync(stop);
        await Task.Delay(50, stop);
    }, stop);

    /// <summary>Each of so many goes on until it is told to stop; what the service does to it is none of its concern.</summary>
    private static Task ManyAsync(int count, Func<int, Task> once, CancellationToken stop) => Task.WhenAll(Enumerable.Range(1, count).Select(i => Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await once(i);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or Xunit.Sdk.XunitException)
            {
                // closed, refused or aborted: again, after a moment
                await Task.WhenAny(Task.Delay(50, stop));
            }
        }
    })));

    private static async Task AskAsync(int port, int number, byte[] dataSet, CancellationToken stop)
    {
        foreach (var (context, field, sopClass) in ((byte, ushort, string)[])[(5, 0x0130, Commitment), (1, 0x0020, RawPeer.CtImageStorage), (3, 0x0030, RawPeer.Verification)])
        {
            await using var peer = await RawPeer.RequestAsync(port, s_contexts, from: Address(number), callingAe: Entitled);
            if ((await peer.ReceivePduAsync()).Type == 2)
            {
                await peer.SendRequestAsync(context, field, sopClass, dataSet);
                await peer.ReceivePduAsync();
            }

            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Small messages as fast as they are taken: values without bytes, echoes, cancellations, results of storage commitment that nobody asked for.</summary>
    private static async Task PourAsync(int port, int number, CancellationToken stop)
    {
        await using var peer = await RawPeer.RequestAsync(port, s_contexts, from: Address(number), callingAe: $"POUR{number}");
        if ((await peer.ReceivePduAsync()).Type != 2)
            throw new IOException("It has what it may have.");
        byte[] one = (number % 4) switch
        {
            0 => [4, 0, 0, 0, 0, 6, 0, 0, 0, 2, 1, 1],
            1 => RawPeer.Message(3, RawPeer.Command(0x0030, RawPeer.Verification, 7, null)),
            2 => RawPeer.Message(3, RawPeer.Command(0x0FFF, RawPeer.Verification, 7, null)),
            _ => [.. RawPeer.Message(5, RawPeer.Command(0x0100, Commitment, 7, null, hasDataSet: true)), .. RawPeer.Message(5, s_unknownResult, isCommand: false)],
        };
        byte[] many = [.. Enumerable.Repeat(one, 64_000 / one.Length).SelectMany(b => b)];
        var reading = peer.ReadToEndAsync();
        while (!stop.IsCancellationRequested)
            await peer.SendRawAsync(many).WaitAsync(stop);
        await peer.DisposeAsync();
        await reading;
    }

    private static async Task HoldAsync(int port, int number, CancellationToken stop)
    {
        var peers = new List<RawPeer>();
        try
        {
            for (var i = 0; i < 8; i++)
            {
                peers.Add(await RawPeer.RequestAsync(port, s_contexts, from: Address(number), callingAe: $"HOLDER{number}"));
                await peers[^1].ReceivePduAsync();
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // it has what it may have
        }

        await Task.WhenAny(Task.Delay(Timeout.Infinite, stop));
        foreach (var peer in peers)
            await peer.DisposeAsync();
    }

    private static async Task TrickleAsync(int port, int number, CancellationToken stop)
    {
        await using var peer = number % 2 == 0
            ? await RawPeer.ConnectAsync(port, Address(number))
            : await RawPeer.RequestAsync(port, s_contexts, from: Address(number), callingAe: $"SLOW{number}");
        if (number % 2 == 1)
        {
            await peer.ReceivePduAsync();
            await peer.SendStoreAsync("1.2.3.4", new byte[100], cutAt: 10);
        }

        foreach (var next in (byte[])[1, 0, 0, 0, 0, 205, 0, 1, 0, 0, .. "HSENET          "u8])
        {
            await peer.SendRawAsync([number % 2 == 0 ? next : (byte)4]);
            await Task.Delay(500, stop);
        }
    }

    private static string Address(int number) => $"127.0.2.{number}";

    private static byte[] EmptyItems(int length)
    {
        var bytes = new byte[length];
        ReadOnlySpan<byte> sequence = [0x08, 0, 0x99, 0x11, 0xFF, 0xFF, 0xFF, 0xFF];
        ReadOnlySpan<byte> item = [0xFE, 0xFF, 0, 0xE0, 0, 0, 0, 0];
        sequence.CopyTo(bytes);
        for (var at = 8; at + 8 <= length; at += 8)
            item.CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    private static byte[] Nested(int depth)
    {
        byte[] one = [0x08, 0, 0x99, 0x11, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF];
        byte[] end = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
        return [.. Enumerable.Repeat(one, depth).SelectMany(b => b), .. Enumerable.Repeat(end, depth).SelectMany(b => b)];
    }
}
