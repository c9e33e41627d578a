using HSENet.Worker.Configuration;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace HSENet.Worker.Messaging;

/// <summary>One look at the broker, for <c>check</c>: address, TLS, password, virtual host.</summary>
internal static class BrokerProbe
{
    /// <returns>How many of the work queues exist: none before the first inference process has run.</returns>
    /// <exception cref="WorkerException"><c>queue.unreachable</c>, <c>queue.tls</c> or <c>queue.refused</c>.</exception>
    public static async Task<int> CountQueuesAsync(QueueOptions options, CancellationToken cancellationToken)
    {
        await using var connection = await BrokerConnection.OpenAsync(options, "check", cancellationToken);
        var count = 0;
        foreach (var queue in QueueNames.Work)
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            try
            {
                await channel.QueueDeclarePassiveAsync(queue, cancellationToken);
                count++;
            }
            catch (OperationInterruptedException)
            {
                // not there
            }
        }

        return count;
    }
}
