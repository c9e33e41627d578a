using System.Collections.Concurrent;
using HSENet.Faults.Node;
using HSENet.TestKit;

namespace HSENet.Faults.Site;

/// <summary>One process of the service: killed, frozen, started again with the same settings.</summary>
internal sealed class NodeProcess(string name, IReadOnlyList<string> settings, IReadOnlyDictionary<string, string?>? environment = null, IReadOnlyList<string>? under = null) : IAsyncDisposable
{
    private const int Sigcont = 18;
    private const int Sigstop = 19;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private ChildProcess? _process;
    private readonly ConcurrentDictionary<string, int> _earlier = new();
    private volatile bool _isKilled;

    public string Name => name;

    public ChildProcess Process => _process ?? throw new InvalidOperationException($"{name} was not started");

    /// <summary>Starts it and waits until it works; one that ends is started again, as a supervisor does.</summary>
    public async Task StartAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Begin();
            await Until.TrueAsync(() => Process.HasExited || HasStarted, Deadline, $"the start of {name}");
            if (!Process.HasExited)
                return;
            if (TimeProvider.System.GetElapsedTime(began) > Deadline)
                throw new FaultException($"{name} does not start:\n{Process.Tail()}");
            await KillAsync();
        }
    }

    /// <summary>Starts it.</summary>
    public void Begin()
    {
        foreach (var mark in _process is null ? [] : NodeMark.All)
            _earlier[mark] = Count(mark);
        string[] command = [.. under ?? [], Requirement.Tool("dotnet"), typeof(FaultNode).Assembly.Location, "node", .. settings];
        _process = ChildProcess.Start(command[0], command[1..], environment, name: name);
        _isKilled = false;
    }

    /// <summary>It is not there any more, by itself or killed.</summary>
    public bool HasEnded => _isKilled || Process.HasExited;

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_isKilled)
            return;
        var process = Process; // a supervisor may start the next one meanwhile
        _isKilled = true;
        process.Kill();
        await process.DisposeAsync();
    }

    public void Freeze() => Process.Signal(Sigstop);

    public void Thaw() => Process.Signal(Sigcont);

    /// <summary>The process of now works.</summary>
    public bool HasStarted => CountOf(NodeMark.Started) > 0;

    /// <summary>How often it has said so, in all its lives.</summary>
    public int Count(string mark) => _earlier.GetValueOrDefault(mark) + CountOf(mark);

    private int CountOf(string mark) => Process.Lines.Count(l => l.Text == mark);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null && !_isKilled)
            await _process.DisposeAsync();
    }
}
