using HSENet.TestKit;
using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HSENet.Worker.Tests;

public sealed class SweepLoopTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private int _sweeps;

    [Fact]
    public async Task A_loop_sweeps_each_second_and_when_woken()
    {
        var signal = new WakeSignal();
        using var stop = new CancellationTokenSource();
        var loop = RunAsync(signal, () => false, stop.Token);
        await SweptAsync(1);
        signal.Pulse();
        await SweptAsync(2);
        await Until.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return Volatile.Read(ref _sweeps) >= 3;
            },
            Deadline,
            "a third sweep");
        await stop.CancelAsync();
        await loop;
    }

    [Fact]
    public async Task A_pulse_during_a_sweep_is_not_missed()
    {
        var signal = new WakeSignal();
        using var stop = new CancellationTokenSource();
        var loop = RunAsync(
            signal,
            () =>
            {
                if (_sweeps == 1)
                {
                    signal.Pulse();
                }

                return false;
            },
            stop.Token);
        await SweptAsync(2);
        await stop.CancelAsync();
        await loop;
    }

    [Fact]
    public async Task A_sweep_that_fails_is_tried_again()
    {
        using var stop = new CancellationTokenSource();
        var loop = RunAsync(new WakeSignal(), () => _sweeps < 3 ? throw new TimeoutException() : false, stop.Token);
        await Until.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return Volatile.Read(ref _sweeps) >= 3;
            },
            Deadline,
            "three sweeps");
        await stop.CancelAsync();
        await loop;
    }

    [Fact]
    public async Task The_model_thread_runs_everything_in_order_on_one_thread()
    {
        await using var thread = new ModelThread();
        var order = new List<int>();
        var threads = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => thread.RunAsync(
            () =>
            {
                order.Add(i);
                return Environment.CurrentManagedThreadId;
            },
            CancellationToken.None)));

        Assert.Single(threads.Distinct());
        Assert.Equal(Enumerable.Range(0, 20), order);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => thread.RunAsync<int>(() => throw new InvalidOperationException(), CancellationToken.None));
    }

    private Task RunAsync(WakeSignal signal, Func<bool> sweep, CancellationToken cancellationToken) =>
        new SweepLoop(_time, NullLogger<SweepLoop>.Instance).RunAsync(
            "test",
            signal,
            _ =>
            {
                Interlocked.Increment(ref _sweeps);
                return Task.FromResult(sweep());
            },
            cancellationToken);

    private Task SweptAsync(int count) => Until.TrueAsync(() => Volatile.Read(ref _sweeps) >= count, Deadline, $"{count} sweeps");
}
