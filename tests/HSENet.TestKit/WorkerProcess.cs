namespace HSENet.TestKit;

/// <summary>The built worker as a process of its own, as an operator runs it.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private WorkerProcess(ChildProcess process)
    {
        _process = process;
    }

    /// <summary>The process: lines, signals, the exit.</summary>
    public ChildProcess Process => _process;

    /// <summary>hsenet-worker.dll of the same build (switches and configuration) as the running tests.</summary>
    public static string Assembly
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')); // …/bin/PROJECT/debug_linux-x64
            var path = Path.Combine(own.Parent!.Parent!.FullName, "HSENet.Worker", own.Name, "hsenet-worker.dll");
            return File.Exists(path) ? path : throw new FileNotFoundException("The worker is not built: dotnet build HSENet.sln");
        }
    }

    /// <summary>
    /// Starts <c>hsenet-worker ARGUMENTS</c>. <paramref name="settings"/> are given in the environment, with or without the section:
    /// <c>Dicom:Port</c> becomes <c>HSENet__Dicom__Port</c>. <paramref name="under"/> is a command line that the worker's is appended to, such as strace's.
    /// </summary>
    public static WorkerProcess Start(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? settings = null,
        string? workingFolder = null,
        IReadOnlyList<string>? under = null)
    {
        var environment = new Dictionary<string, string?>
        {
            ["DOTNET_NOLOGO"] = "1",
            ["HSENet__Web__Url"] = "http://127.0.0.1:0", // of many on a machine each has its own
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string?>())
            environment[EnvironmentName(key)] = value;
        string[] command = [.. under ?? [], Requirement.Tool("dotnet"), Assembly, .. arguments];
        return new(ChildProcess.Start(command[0], command[1..], environment, workingFolder ?? Repo.Root, "hsenet-worker"));
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<ToolResult> RunAsync(
        IEnumerable<string> arguments,
        TimeSpan deadline,
        IReadOnlyDictionary<string, string?>? settings = null,
        string? workingFolder = null)
    {
        await using var worker = Start(arguments, settings, workingFolder);
        var exitCode = await worker.Process.WaitForExitAsync(deadline);
        return new("hsenet-worker", exitCode, worker.Process.Text(isError: false), worker.Process.Text(isError: true));
    }

    /// <summary>Waits for a line of the log or of the output.</summary>
    public Task<string> WaitForLineAsync(Func<string, bool> matches, TimeSpan deadline, string what) =>
        _process.WaitForLineAsync(matches, deadline, what);

    /// <summary>SIGTERM: drains and ends. Returns the exit code.</summary>
    public Task<int> StopAsync(TimeSpan deadline) => _process.TerminateAsync(deadline);

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string EnvironmentName(string key)
    {
        if (!key.Contains(':', StringComparison.Ordinal) && !key.StartsWith("HSENet", StringComparison.Ordinal) && key.All(c => c is '_' || char.IsUpper(c) || char.IsDigit(c)))
            return key; // a plain variable, such as TMPDIR
        var name = key.Replace(":", "__", StringComparison.Ordinal);
        return name.StartsWith("HSENet__", StringComparison.Ordinal) ? name : $"HSENet__{name}";
    }
}
