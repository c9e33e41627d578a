namespace HSENet.Faults.Site;

/// <summary>What systemd or Kubernetes does for two gateways on one spool: the one that does not get it is started again and again.</summary>
internal sealed class Standby(IReadOnlyList<NodeProcess> gateways) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    /// <summary>The gateway that has the spool; waits for none.</summary>
    public NodeProcess Working { get; private set; } = gateways[0];

    public void Begin() => _loop = Task.WhenAll(gateways.Select(KeepAsync));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task KeepAsync(NodeProcess gateway)
    {
        if (gateway != Working)
            gateway.Begin();
        while (!_stop.IsCancellationRequested)
        {
            if (gateway.HasEnded)
            {
                await gateway.KillAsync();
                gateway.Begin();
            }
            else if (gateway.HasStarted)
            {
                Working = gateway;
            }

            await Task.Delay(Pause);
        }
    }
}
