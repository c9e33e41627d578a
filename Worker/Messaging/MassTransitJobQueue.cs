using HSENet.Worker.Configuration;
using HSENet.Worker.Inference;
using MassTransit;
using RabbitMQ.Client.Exceptions;

namespace HSENet.Worker.Messaging;

/// <summary>
/// MassTransit, over RabbitMQ or in memory. At RabbitMQ the message goes to the exchange (sending to a queue's address would declare the queue
/// anew, with other arguments), is mandatory (without a queue it would vanish with a confirm) and is confirmed.
/// </summary>
internal sealed class MassTransitJobQueue(IBus bus, WorkerSettings settings) : IJobQueue
{
    /// <summary>The sender holds rows meanwhile. A healthy broker confirms in milliseconds.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly string _scheme = settings.Queue.Transport == "rabbitmq" ? "exchange" : "queue";

    public async Task SendAsync(Guid jobId, bool isStat, CancellationToken cancellationToken)
    {
        var queue = QueueNames.Of(isStat);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            var endpoint = await bus.GetSendEndpoint(new Uri($"{_scheme}:{queue}")).WaitAsync(limit.Token);
            await endpoint.Send<RunJob>(new RunJob(jobId), context => MakeMandatory(context), limit.Token).WaitAsync(limit.Token);
        }
        catch (MessageReturnedException e)
        {
            throw new WorkerException("queue.missing", $"the broker has no queue {queue} yet: it is made by the first inference process; jobs wait", e);
        }
#pragma warning disable CA1031 // whatever the transport says, the job waits in its row
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            throw new WorkerException("queue.unreachable", $"the broker did not take a message within {Timeout.TotalSeconds:F0} s; jobs wait", e);
        }
    }

    private static void MakeMandatory(SendContext context)
    {
        if (context.TryGetPayload(out RabbitMqSendContext? rabbit))
        {
            rabbit.Mandatory = true;
        }
    }
}
