namespace HSENet.TestKit;

/// <summary>One line that a process wrote.</summary>
public sealed record OutputLine(bool IsError, string Text);

/// <summary>What a finished program left behind.</summary>
public sealed record ToolResult(string Tool, int ExitCode, string Output, string Error)
{
    /// <summary>Both streams, for a message.</summary>
    public string Everything => $"{Tool} exited with {ExitCode}\n{Output}{Error}";

    /// <summary>Returns this when the exit code was 0; fails the test with everything the program said otherwise.</summary>
    public ToolResult Succeeded()
    {
        Xunit.Assert.True(ExitCode == 0, Everything);
        return this;
    }
}
