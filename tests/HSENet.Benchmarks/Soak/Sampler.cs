using System.Diagnostics;
using HSENet.Benchmarks.Pipeline;

namespace HSENet.Benchmarks.Soak;

/// <summary>Looks at the memory of each process, and at the pace of the machine, every few seconds until disposed.</summary>
internal sealed class Sampler : IAsyncDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Sample> _samples = [];
    private readonly MachinePace _pace = new();
    private readonly GatewayHeap _heap;
    private readonly Task _loop;

    public Sampler(PipelineRig rig)
    {
        _heap = new GatewayHeap(rig.Web);
        var processes = rig.Processes.ToList();
        _loop = Task.Run(() => RunAsync(rig, processes));
    }

    /// <summary>In order of time; complete after disposal.</summary>
    public IReadOnlyList<Sample> Samples => _samples;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _pace.Dispose();
        _heap.Dispose();
    }

    private async Task RunAsync(PipelineRig rig, List<(string Name, int Id)> processes)
    {
        var clock = Stopwatch.StartNew();
        while (!_stop.IsCancellationRequested)
        {
            var memory = processes.ToDictionary(process => process.Name, process => ProcessMemory.ResidentMiB(process.Id));
            _samples.Add(new Sample(clock.Elapsed.TotalSeconds, rig.CountReports(), _pace.Measure(), await _heap.ReadMiBAsync(), memory));
            if (_samples.Count % 30 == 0)
                Console.Error.WriteLine($"{clock.Elapsed:hh\\:mm\\:ss} {_samples[^1].ReportCount} reports; {string.Join(", ", memory.Select(m => $"{m.Key} {m.Value:F0} MiB"))}, heap {_samples[^1].GatewayHeapMiB:F0} MiB; pace {_samples[^1].PaceSeconds * 1000:F0} ms");
            try
            {
                await Task.Delay(s_period, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}

/// <param name="Seconds">Since the start of the soak.</param>
/// <param name="ReportCount">Reports at the PACS by then.</param>
/// <param name="PaceSeconds">What <see cref="MachinePace"/> took.</param>
/// <param name="GatewayHeapMiB">Managed heap of the gateway after its last collection.</param>
/// <param name="ResidentMiB">By process.</param>
internal sealed record Sample(double Seconds, int ReportCount, double PaceSeconds, double GatewayHeapMiB, IReadOnlyDictionary<string, double> ResidentMiB);
