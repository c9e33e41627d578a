namespace HSENet.Benchmarks.Receiving;

/// <summary>A running Storage SCP to push to.</summary>
internal abstract class Receiver(string name, int port, string aeTitle) : IAsyncDisposable
{
    public string Name { get; } = name;

    public int Port { get; } = port;

    public string AeTitle { get; } = aeTitle;

    /// <summary>Within the clock: what must happen after the last answer for the instances to be durable.</summary>
    public virtual Task FinishAsync() => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();
}
