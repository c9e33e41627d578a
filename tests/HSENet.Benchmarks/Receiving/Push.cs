using System.Diagnostics;
using System.Globalization;
using HSENet.TestKit;

namespace HSENet.Benchmarks.Receiving;

/// <summary>Pushes the files with DCMTK's storescu, <c>TCP_NODELAY=1</c>, under new instance UIDs each time.</summary>
internal static class Push
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);

    /// <summary>Seconds from the start of the senders to the last answer (and what makes it durable).</summary>
    /// <param name="root">Folder of <see cref="SliceFiles"/>.</param>
    /// <param name="associations">1: one sender with all folders; 4: four senders with one folder each, of one series.</param>
    /// <param name="repetitions">How often each file is sent on its association.</param>
    public static async Task<double> RunAsync(Receiver receiver, string root, int associations, int repetitions = 1)
    {
        var folders = Directory.GetDirectories(root).Order(StringComparer.Ordinal).ToArray();
        var shares = associations == 1 ? [folders] : folders.Select(folder => new[] { folder }).ToArray();
        var clock = Stopwatch.StartNew();
        var sent = await Task.WhenAll(shares.Select(share => SendAsync(receiver, Enumerable.Repeat(share, repetitions).SelectMany(s => s))));
        await receiver.FinishAsync();
        var seconds = clock.Elapsed.TotalSeconds;
        foreach (var result in sent.Where(result => result.ExitCode != 0))
            throw new InvalidOperationException($"{receiver.Name}: {result.Everything}");
        await Dcmtk.RunAsync("sync", [], Deadline); // what one receiver left in the page cache is not written on another one's time
        return seconds;
    }

    private static Task<ToolResult> SendAsync(Receiver receiver, IEnumerable<string> folders) => Dcmtk.RunAsync(
        "storescu",
        ["-pdu", "131072", "+II", "-aec", receiver.AeTitle, "127.0.0.1", receiver.Port.ToString(CultureInfo.InvariantCulture), "+sd", .. folders],
        Deadline);
}
