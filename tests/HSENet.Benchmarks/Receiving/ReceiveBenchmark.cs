using System.Globalization;
using System.Text.Json;
using HSENet.TestKit;

namespace HSENet.Benchmarks.Receiving;

/// <summary>
/// Throughput of receiving beside DCMTK's storescp and Orthanc on this machine at this time: only the ratios mean something. Rounds alternate between all receivers; medians.
/// Nothing is deleted meanwhile: ext4 passes over the inodes of files deleted in the last minutes one by one when it makes a file, so that one receiver's clearing up would be paid for by the next.
/// </summary>
internal static class ReceiveBenchmark
{
    private const string DurableStoreScp = "storescp +B durable";

    /// <summary>A gateway runs for months: ours is compiled to its full speed after about 1500 instances.</summary>
    private const int WarmUpRounds = 3;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task RunAsync(ReceiveOptions options)
    {
        using var spread = await SpreadFolder.UseAsync();
        using var files = new TempFolder("bench-files");
        SliceFiles.Write(files.Root, options.InstanceCount);
        var rates = await MeasureAsync(options, files.Root);
        var memory = options.LongInstanceCount > 0 ? await MemoryAsync(options, files.Root) : [];
        Print(rates, memory);

        var json = Repo.Path(options.JsonFile);
        Directory.CreateDirectory(Path.GetDirectoryName(json)!);
        await File.WriteAllTextAsync(json, JsonSerializer.Serialize(
            new { options.InstanceCount, options.RoundCount, Machine = new { Environment.ProcessorCount }, Rates = rates, Memory = memory }, Indented));
        Console.WriteLine($"\n{json}");
    }

    private static async Task<IReadOnlyList<Rate>> MeasureAsync(ReceiveOptions options, string files)
    {
        var receivers = await StartAsync(options.Only);
        var seconds = new Dictionary<(string, int), List<double>>();
        try
        {
            for (var round = -WarmUpRounds; round < options.RoundCount; round++)
            {
                foreach (var associations in options.Associations)
                {
                    foreach (var receiver in Rotated(receivers, round + WarmUpRounds))
                    {
                        var measured = await Push.RunAsync(receiver, files, associations);
                        if (round < 0)
                            continue; // warming up
                        seconds.TryAdd((receiver.Name, associations), []);
                        seconds[(receiver.Name, associations)].Add(measured);
                        Console.Error.WriteLine($"round {round + 1}, {associations} associations, {receiver.Name}: {options.InstanceCount / measured:F0}/s");
                    }
                }
            }
        }
        finally
        {
            foreach (var receiver in receivers)
                await receiver.DisposeAsync();
        }

        return [.. seconds.Select(entry => Rate.Of(entry.Key.Item1, entry.Key.Item2, [.. entry.Value.Select(s => options.InstanceCount / s)]))];
    }

    /// <summary>Each is first in turn: the same neighbour before it in every round would weigh on its result.</summary>
    private static IEnumerable<Receiver> Rotated(List<Receiver> receivers, int by) => receivers.Skip(by % receivers.Count).Concat(receivers.Take(by % receivers.Count));

    private static async Task<List<Receiver>> StartAsync(string only)
    {
        (string Name, Func<string, Task<Receiver>> Start)[] all =
        [
            ("hsenet durable", async name => await HsenetReceiver.StartAsync(name, isDurable: true)),
            (DurableStoreScp, async name => await StoreScpReceiver.StartAsync(name, isSyncedEach: true)),
            ("storescp +B, synced at the end", async name => await StoreScpReceiver.StartAsync(name, isSyncedAtEnd: true)),
            ("Orthanc durable", async name => await OrthancReceiver.StartAsync(name, isDurable: true)),
            ("hsenet not synced", async name => await HsenetReceiver.StartAsync(name, isDurable: false)),
            ("storescp +B", async name => await StoreScpReceiver.StartAsync(name)),
            ("Orthanc not synced", async name => await OrthancReceiver.StartAsync(name, isDurable: false)),
        ];
        var receivers = new List<Receiver>();
        foreach (var (name, start) in all.Where(r => r.Name.Contains(only, StringComparison.Ordinal)))
        {
            if (name == "hsenet not synced" && !File.Exists(HsenetReceiver.Eatmydata))
                Console.Error.WriteLine($"{name} is left out: apt-get install eatmydata");
            else if (name == DurableStoreScp && !File.Exists(StoreScpReceiver.Compiler))
                Console.Error.WriteLine($"{name} is left out: apt-get install gcc libc6-dev");
            else
                receivers.Add(await start(name));
        }

        return receivers;
    }

    /// <summary>Peak memory of a fresh process after a short series, and of another one after a long series, on one association.</summary>
    private static async Task<IReadOnlyList<Memory>> MemoryAsync(ReceiveOptions options, string files)
    {
        var measured = new List<Memory>();
        foreach (var repetitions in (int[])[1, Math.Max(1, options.LongInstanceCount / options.InstanceCount)])
        {
            await using var receiver = await HsenetReceiver.StartAsync("hsenet", isDurable: true);
            var before = receiver.MemoryMiB;
            await Push.RunAsync(receiver, files, associations: 1, repetitions);
            measured.Add(new Memory(options.InstanceCount * repetitions, before, receiver.MemoryMiB, receiver.PeakMemoryMiB));
        }

        return measured;
    }

    private static void Print(IReadOnlyList<Rate> rates, IReadOnlyList<Memory> memory)
    {
        Console.WriteLine("| receiver | associations | instances/s, median (range) | to storescp +B durable | to storescp +B | to Orthanc durable |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var rate in rates.OrderBy(r => r.Associations))
        {
            string Ratio(string name) => rates.FirstOrDefault(r => r.Receiver == name && r.Associations == rate.Associations) is { } other
                ? rate.RatioTo(other).ToString("F2", CultureInfo.InvariantCulture)
                : "";
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {rate.Receiver} | {rate.Associations} | {rate.Median:F0} ({rate.Lowest:F0}-{rate.Highest:F0}) | {Ratio(DurableStoreScp)} | {Ratio("storescp +B")} | {Ratio("Orthanc durable")} |"));
        }

        foreach (var m in memory)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"hsenet, {m.Instances} instances on one association: {m.BeforeMiB:F0} MiB before, {m.AfterMiB:F0} MiB after, peak {m.PeakMiB:F0} MiB"));
        }
    }
}

/// <summary>Instances per second of one receiver, in the order of the rounds.</summary>
internal sealed record Rate(string Receiver, int Associations, double Median, double Lowest, double Highest, IReadOnlyList<double> All)
{
    public static Rate Of(string receiver, int associations, double[] rates) =>
        new(receiver, associations, MedianOf(rates), rates.Min(), rates.Max(), rates);

    /// <summary>Median of the rounds' ratios: what else the machine does changes from round to round and weighs on both.</summary>
    public double RatioTo(Rate other) => MedianOf(All.Zip(other.All, (own, others) => own / others));

    private static double MedianOf(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>Resident memory of our process around one push.</summary>
internal sealed record Memory(int Instances, double BeforeMiB, double AfterMiB, double PeakMiB);
