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
    private volatile bool _isKilled;

    public string Name => name;

    public ChildProcess Process => _process ?? throw new InvalidOperationException($"{name} was not started");

    /// <summary>Starts it and waits until it works.</summary>
    public async Task StartAsync()
    {
        Begin();
        await Process.WaitForLineAsync(l => l == NodeMark.Started, Deadline, $"the start of {name}");
    }

    /// <summary>Starts it.</summary>
    public void Begin()
    {
        string[] command = [.. under ?? [], Requirement.Tool("dotnet"), typeof(FaultNode).Assembly.Location, "node", .. settings];
        _isKilled = false;
        _process = ChildProcess.Start(command[0], command[1..], environment, name: name);
    }

    /// <summary>It is not there any more, by itself or killed.</summary>
    public bool HasEnded => _isKilled || Process.HasExited;

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _isKilled = true;
        Process.Kill();
        await Process.DisposeAsync();
    }

    public void Freeze() => Process.Signal(Sigstop);

    public void Thaw() => Process.Signal(Sigcont);

    /// <summary>How often it has said so.</summary>
    public int Count(string mark) => Process.Lines.Count(l => l.Text == mark);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
