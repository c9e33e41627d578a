using HSENet.Worker.Commands;

namespace HSENet.Worker.Tests;

/// <summary>A command that is told to stop ends, whatever its work is waiting for.</summary>
public sealed class AbandonableTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Work_that_does_not_hear_is_left_behind()
    {
        using var stop = new CancellationTokenSource();
        var never = new TaskCompletionSource<int>();
        var running = Abandonable.RunAsync(() => never.Task, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Deadline));
    }

    [Fact]
    public async Task Work_that_was_just_done_is_done()
    {
        using var stop = new CancellationTokenSource();
        var soon = new TaskCompletionSource<int>();
        var running = Abandonable.RunAsync(() => soon.Task, stop.Token);
        await stop.CancelAsync();
        soon.SetResult(3);
        Assert.Equal(3, await running.WaitAsync(Deadline));
    }

    [Fact]
    public async Task What_the_work_throws_comes_through()
    {
        var running = Abandonable.RunAsync(() => throw new WorkerException("input.folder", "none"), default);
        Assert.Equal("input.folder", (await Assert.ThrowsAsync<WorkerException>(() => running)).Code);
    }
}
