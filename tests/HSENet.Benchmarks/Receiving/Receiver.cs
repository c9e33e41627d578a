namespace HSENet.Benchmarks.Receiving;

/// <summary>A running Storage SCP to push to.</summary>
internal abstract class Receiver(string name, int port, string aeTitle) : IAsyncDisposable
{
    public string Name { get; } = name;

    public int Port { get; } = port;

    public string AeTitle { get; } = aeTitle;

    /// <summary>Within the clock: what must happen after the last answer for the instances to be durable.</summary>
    public virtual Task FinishAsync() => Task.CompletedTask;

    /// <summary>Outside of the clock: removes what was received, when it would be in the way of the next push.</summary>
    public virtual Task ClearAsync() => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();
}
