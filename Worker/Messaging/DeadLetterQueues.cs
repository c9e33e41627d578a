using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace HSENet.Worker.Messaging;

/// <summary>Looks through the dead-letter queues. What is not taken goes back to its place.</summary>
internal static class DeadLetterQueues
{
    private const ushort NotFound = 404;

    /// <returns>Messages waiting in all dead-letter queues; queues that nobody has made yet hold none.</returns>
    public static async Task<long> CountAsync(IConnection connection, CancellationToken cancellationToken)
    {
        long count = 0;
        foreach (var queue in QueueNames.DeadLetters)
        {
            count += await CountAsync(connection, queue, cancellationToken) ?? 0;
        }

        return count;
    }

    /// <summary>Shows each message once.</summary>
    /// <param name="connection">To the broker.</param>
    /// <param name="take">Returns true when the message is dealt with: it is removed.</param>
    /// <param name="cancellationToken">Gives up; messages not dealt with stay.</param>
    public static async Task VisitAsync(IConnection connection, Func<DeadLetter, Task<bool>> take, CancellationToken cancellationToken)
    {
        foreach (var queue in QueueNames.DeadLetters)
        {
            if (await CountAsync(connection, queue, cancellationToken) is null or 0)
            {
                continue;
            }

            // closing the channel gives everything back that was not acknowledged: until then nothing comes twice
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            while (await channel.BasicGetAsync(queue, autoAck: false, cancellationToken) is { } message)
            {
                if (await take(DeadLetter.Read(queue, message)))
                {
                    await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
                }
            }

            await channel.CloseAsync(cancellationToken);
        }
    }

    /// <returns>Null when there is no such queue.</returns>
    private static async Task<long?> CountAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).MessageCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
        {
            return null;
        }
    }
}
