using HSENet.TestKit;

namespace HSENet.Architecture.Tests.Peers;

/// <summary>Processes that tests start: they are heard, and they end.</summary>
public sealed class ChildProcessTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Lines_of_both_streams_and_the_exit_code_are_kept()
    {
        await using var shell = ChildProcess.Start("/bin/sh", ["-c", "echo out; echo err >&2; exit 7"]);
        Assert.Equal(7, await shell.WaitForExitAsync(Deadline));
        Assert.Equal(("out\n", "err\n"), (shell.Text(isError: false), shell.Text(isError: true)));
    }

    [Fact]
    public async Task Waiting_for_a_line_fails_when_the_process_ends_without_it()
    {
        await using var shell = ChildProcess.Start("/bin/sh", ["-c", "echo something else"]);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => shell.WaitForLineAsync(l => l == "ready", Deadline, "readiness"));
        Assert.Contains("something else", error.Message);
    }

    [Fact]
    public async Task A_process_that_takes_too_long_is_killed()
    {
        await using var sleeper = ChildProcess.Start("/bin/sleep", ["600"]);
        await Assert.ThrowsAsync<TimeoutException>(() => sleeper.WaitForExitAsync(TimeSpan.FromMilliseconds(200)));
        await Until.TrueAsync(() => sleeper.HasExited, Deadline, "the end of sleep");
    }

    [Fact]
    public async Task A_terminated_process_tells_its_exit_code()
    {
        await using var shell = ChildProcess.Start("/bin/sh", ["-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done"]);
        await shell.WaitForLineAsync(l => l == "ready", Deadline, "readiness");
        Assert.Equal(5, await shell.TerminateAsync(Deadline));
    }
}
