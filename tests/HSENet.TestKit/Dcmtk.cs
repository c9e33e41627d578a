namespace HSENet.TestKit;

/// <summary>DCMTK's command-line programs, run to their end.</summary>
public static class Dcmtk
{
    /// <summary>How long a program may take unless told otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Without TCP_NODELAY a small response waits for the peer's delayed acknowledgement.</summary>
    internal static readonly Dictionary<string, string?> NoDelay = new() { ["TCP_NODELAY"] = "1" };

    /// <summary>Runs a program of DCMTK (or another one) and returns its exit code and output.</summary>
    public static async Task<ToolResult> RunAsync(string tool, IEnumerable<string> arguments, TimeSpan? timeout = null, string? workingFolder = null)
    {
        await using var process = ChildProcess.Start(Requirement.Tool(tool), arguments, NoDelay, workingFolder);
        var exitCode = await process.WaitForExitAsync(timeout ?? DefaultTimeout);
        return new(tool, exitCode, process.Text(isError: false), process.Text(isError: true));
    }

    /// <inheritdoc cref="RunAsync(string, IEnumerable{string}, TimeSpan?, string?)"/>
    public static Task<ToolResult> RunAsync(string tool, params string[] arguments) => RunAsync(tool, arguments, null);

    /// <summary>Pushes a file or every file of a folder with storescu to a port of this machine, as a scanner does.</summary>
    public static Task<ToolResult> StoreAsync(int port, string calledAe, string path, IEnumerable<string>? options = null, TimeSpan? timeout = null) =>
        RunAsync(
            "storescu",
            [.. options ?? [], "-aec", calledAe, "127.0.0.1", $"{port}", .. Directory.Exists(path) ? new[] { "+sd", path } : [path]],
            timeout);

    /// <summary>Sends a C-ECHO with echoscu to a port of this machine.</summary>
    public static Task<ToolResult> EchoAsync(int port, string calledAe, IEnumerable<string>? options = null) =>
        RunAsync("echoscu", [.. options ?? [], "-aec", calledAe, "127.0.0.1", $"{port}"]);
}
