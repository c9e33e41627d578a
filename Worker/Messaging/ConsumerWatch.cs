using MassTransit;

namespace HSENet.Worker.Messaging;

/// <summary>
/// Attaches the consumer of a work queue anew when it has ended by itself. MassTransit tries again after the broker's own errors, with pauses of up to
/// a minute; any other exception while an endpoint starts (RabbitMQ.Client throws ObjectDisposedException where the broker closes a channel at the
/// wrong moment) ends that endpoint for good, without a word.
/// </summary>
internal sealed class ConsumerWatch(IBusControl bus, BrokerWatch broker, TimeProvider time, ILogger<ConsumerWatch> log) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    /// <summary>Longer than an endpoint needs to start, shorter than MassTransit's longest pause.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, long> _unreadySince = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(s_pause, time, stoppingToken);
                await Task.WhenAll(bus.CheckHealth().Endpoints.Values.Select(e => LookAsync(e, stoppingToken)));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopped
        }
    }

    private async Task LookAsync(EndpointHealthResult endpoint, CancellationToken cancellationToken)
    {
        var name = endpoint.InputAddress.AbsolutePath.Split('/')[^1];
        if (endpoint.Status == BusHealthStatus.Healthy || !QueueNames.Work.Contains(name) || !MayBeMade(name))
        {
            _unreadySince.Remove(name);
            return;
        }

        if (!_unreadySince.TryGetValue(name, out var since))
        {
            _unreadySince[name] = time.GetTimestamp();
            return;
        }

        if (time.GetElapsedTime(since) < s_patience)
        {
            return;
        }

        MessagingLog.ConsumerRestarted(log, name, endpoint.Description ?? "no reason told");
        _unreadySince[name] = time.GetTimestamp();
        try
        {
            try
            {
                await endpoint.ReceiveEndpoint.Stop(cancellationToken);
            }
            finally
            {
                endpoint.ReceiveEndpoint.Start(cancellationToken);
            }
        }
#pragma warning disable CA1031 // whatever the transport says, the next look comes
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            MessagingLog.ConsumerNotRestarted(log, name, e.GetType().Name);
        }
    }

    /// <summary>Whether the broker answers and neither the queue nor its dead-letter queue is there in another shape.</summary>
    private bool MayBeMade(string name) =>
        broker.Queues is { Count: > 0 } queues
        && queues.All(q => q.Trouble is null || (q.Name != name && q.Name != QueueNames.DeadOf(name)));
}
