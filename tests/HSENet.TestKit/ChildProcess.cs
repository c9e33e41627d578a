using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace HSENet.TestKit;

/// <summary>A program that a test starts: its lines are kept, waits have deadlines, and it does not outlive its owner.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int Sigterm = 15;

    private readonly Process _process;
    private readonly List<OutputLine> _lines = [];
    private readonly string _name;

    private ChildProcess(Process process, string name)
    {
        _process = process;
        _name = name;
        process.OutputDataReceived += (_, e) => Add(e.Data, isError: false);
        process.ErrorDataReceived += (_, e) => Add(e.Data, isError: true);
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The lines of both streams in order of arrival, up to now.</summary>
    public IReadOnlyList<OutputLine> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    /// <summary>
    /// Starts a program. A null value in <paramref name="environment"/> removes that variable; <paramref name="name"/> is what messages call it.
    /// </summary>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? workingFolder = null,
        string? name = null)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = workingFolder ?? "",
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string?>())
        {
            if (value is null)
                info.Environment.Remove(key);
            else
                info.Environment[key] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = info }, name ?? Path.GetFileName(program));
        AppDomain.CurrentDomain.ProcessExit += child.KillAtExit;
        child._process.Start();
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>The text of one stream, up to now.</summary>
    public string Text(bool isError) => string.Concat(Lines.Where(l => l.IsError == isError).Select(l => l.Text + "\n"));

    /// <summary>The last lines, for a message.</summary>
    public string Tail(int count = 40) => string.Join('\n', Lines.TakeLast(count).Select(l => l.Text));

    /// <summary>Waits until a line matches and returns it. Fails when the process ends or the deadline passes before.</summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> matches, TimeSpan deadline, string what)
    {
        string? found = null;
        await Until.TrueAsync(
            async () =>
            {
                var ended = _process.HasExited;
                if (ended)
                    await DrainAsync();
                found = Lines.FirstOrDefault(l => matches(l.Text))?.Text;
                return found is null && ended
                    ? throw new InvalidOperationException($"{_name} ended before {what}:\n{Tail()}")
                    : found is not null;
            },
            deadline,
            () => $"{what} from {_name}; it said\n{Tail()}");
        return found!;
    }

    /// <summary>Waits for the end and returns the exit code; past the deadline the process is killed and the test fails.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan deadline)
    {
        using var limit = new CancellationTokenSource(deadline);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
            throw new TimeoutException($"{_name} did not end within {deadline.TotalSeconds:0.#} s:\n{Tail()}");
        }

        return _process.ExitCode;
    }

    /// <summary>Asks it to stop (SIGTERM) and waits for the end.</summary>
    public Task<int> TerminateAsync(TimeSpan deadline)
    {
        Signal(Sigterm);
        return WaitForExitAsync(deadline);
    }

    /// <summary>Sends a signal, unless it has ended.</summary>
    public void Signal(int signal)
    {
        if (!_process.HasExited)
            _ = SendSignal(_process.Id, signal);
    }

    /// <summary>Ends it and its children at once (SIGKILL), as a power cut would.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // it had ended
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAtExit;
        Kill();
        await DrainAsync();
        _process.Dispose();
    }

    // the end of the process and of its output; a grandchild may hold the pipes open, and nothing here needs what it says
    private async Task DrainAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // as above
        }
    }

    private void KillAtExit(object? sender, EventArgs e) => Kill();

    private void Add(string? text, bool isError)
    {
        if (text is null)
            return;
        lock (_lines)
            _lines.Add(new(isError, text));
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);
}
