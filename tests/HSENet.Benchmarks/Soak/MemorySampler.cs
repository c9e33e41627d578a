using System.Diagnostics;
using HSENet.Benchmarks.Pipeline;

namespace HSENet.Benchmarks.Soak;

/// <summary>Looks at the memory of each process every few seconds until disposed.</summary>
internal sealed class MemorySampler : IAsyncDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<MemorySample> _samples = [];
    private readonly Task _loop;

    public MemorySampler(PipelineRig rig)
    {
        var processes = rig.Processes.ToList();
        _loop = Task.Run(() => RunAsync(rig, processes));
    }

    /// <summary>In order of time; complete after disposal.</summary>
    public IReadOnlyList<MemorySample> Samples => _samples;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(PipelineRig rig, List<(string Name, int Id)> processes)
    {
        var clock = Stopwatch.StartNew();
        while (!_stop.IsCancellationRequested)
        {
            var memory = processes.ToDictionary(process => process.Name, process => ProcessMemory.ResidentMiB(process.Id));
            _samples.Add(new MemorySample(clock.Elapsed.TotalSeconds, rig.CountReports(), memory));
            if (_samples.Count % 30 == 0)
                Console.Error.WriteLine($"{clock.Elapsed:hh\\:mm\\:ss} {_samples[^1].ReportCount} reports; {string.Join(", ", memory.Select(m => $"{m.Key} {m.Value:F0} MiB"))}");
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
/// <param name="ResidentMiB">By process.</param>
internal sealed record MemorySample(double Seconds, int ReportCount, IReadOnlyDictionary<string, double> ResidentMiB);
