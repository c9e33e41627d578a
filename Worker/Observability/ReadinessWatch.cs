namespace HSENet.Worker.Observability;

/// <summary>Looks at the dependencies where metrics are sent to a collector: nobody asks for them then, and the gauge would tell nothing, or what once was.</summary>
internal sealed class ReadinessWatch(Readiness readiness, TimeProvider time) : BackgroundService
{
    /// <summary>Several looks for each time that metrics are sent (60 s).</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await readiness.LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
