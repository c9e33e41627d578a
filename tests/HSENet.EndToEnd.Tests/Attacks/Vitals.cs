using System.Diagnostics;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests.Attacks;

/// <summary>
/// How the service is while it is attacked: an echo over a new association every now and then, and the memory of its process.
/// </summary>
internal sealed class Vitals : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private readonly List<TimeSpan> _echoes = [];
    private readonly List<long> _memory = [];

    public Vitals(int port, int process) => _watching = Task.Run(() => WatchAsync(port, process));

    public TimeSpan SlowestEcho => _echoes.Max();

    public long MemoryAtStart => _memory[0];

    public long MemoryAtMost => _memory.Max();

    public override string ToString() =>
        $"{_echoes.Count} echoes, the slowest {SlowestEcho.TotalSeconds:F2} s; resident memory {MemoryAtStart >> 20} MiB, at most {MemoryAtMost >> 20} MiB";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(int port, int process)
    {
        do
        {
            _memory.Add(Resident(process));
            var clock = Stopwatch.StartNew();
            while (!await EchoAsync(port))
            {
                // turned away as transient: an address that has one place may ask for the next one before the last is free
            }

            _echoes.Add(clock.Elapsed);
            await Task.WhenAny(Task.Delay(100, _stop.Token));
        }
        while (!_stop.IsCancellationRequested);
    }

    /// <summary>From an address that nobody else has: the series comes from another one.</summary>
    private static async Task<bool> EchoAsync(int port)
    {
        await using var peer = await RawPeer.RequestAsync(
            port,
            [(RawPeer.CtImageStorage, [RawPeer.ImplicitLittleEndian]), (RawPeer.Verification, [RawPeer.ImplicitLittleEndian])],
            from: "127.0.0.3",
            callingAe: "ECHO");
        if ((await peer.ReceivePduAsync()).Type != 2)
            return false;
        Assert.Equal(0x0000, await peer.EchoAsync());
        await peer.ReleaseAsync();
        return true;
    }

    public static long Resident(int process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
}
