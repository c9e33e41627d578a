namespace HSENet.Worker.Hosting;

/// <summary>The two moments of a stop: nothing new is begun, and, after the time that the longest inference may take, nothing is waited for any more.</summary>
internal sealed class HostDrain : IDisposable
{
    private readonly CancellationTokenSource _expired;
    private readonly CancellationTokenRegistration _registration;

    /// <param name="lifetime">Of the host; null where there is none.</param>
    /// <param name="limit">How long work under way may go on after the stop began.</param>
    /// <param name="time">The clock.</param>
    public HostDrain(IHostApplicationLifetime? lifetime, TimeSpan limit, TimeProvider time)
    {
        Limit = limit;
        Stopping = lifetime?.ApplicationStopping ?? CancellationToken.None;
        _expired = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _registration = Stopping.Register(() => _expired.CancelAfter(limit));
    }

    public TimeSpan Limit { get; }

    /// <summary>Fires when the stop begins: what is only waiting gives up.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Fires at the end of the drain: what is still running gives up.</summary>
    public CancellationToken Expired => _expired.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _expired.Dispose();
    }
}
