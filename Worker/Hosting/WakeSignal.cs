namespace HSENet.Worker.Hosting;

/// <summary>Ends the wait of a loop early. Take <see cref="Next"/> before looking for work: then no pulse is missed.</summary>
internal sealed class WakeSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Next => Volatile.Read(ref _next).Task;

    public void Pulse() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}

/// <summary>Something waits in the job table.</summary>
internal sealed class JobSignal
{
    public WakeSignal Signal { get; } = new();
}

/// <summary>Something waits in the delivery table.</summary>
internal sealed class DeliverySignal
{
    public WakeSignal Signal { get; } = new();
}

/// <summary>A sender waits for a storage commitment result.</summary>
internal sealed class CommitmentSignal
{
    public WakeSignal Signal { get; } = new();
}

/// <summary>A series may be complete.</summary>
internal sealed class SeriesSignal
{
    public WakeSignal Signal { get; } = new();
}
