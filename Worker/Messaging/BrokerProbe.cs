using HSENet.Worker.Configuration;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace HSENet.Worker.Messaging;

/// <summary>One look at the broker, for <c>check</c>: address, TLS, password, virtual host.</summary>
internal static class BrokerProbe
{
    /// <summary>Uses every right that the service needs, on a queue of its own that goes with the connection: to make it, to write to it, to read from it.</summary>
    /// <returns>How many of the work queues exist: none before the first inference process has run.</returns>
    /// <exception cref="WorkerException"><c>queue.unreachable</c>, <c>queue.tls</c> <c>queue.refused</c> or
    /// <c>queue.arguments</c>.</exception>
    public static async Task<int> CountQueuesAsync(QueueOptions options, CancellationToken cancellationToken)
    {
        await using var connection = await BrokerConnection.OpenAsync(options, "check", cancellationToken);
        try
        {
            var looks = await QueueTopology.LookAsync(connection, cancellationToken);
            if (looks.FirstOrDefault(q => q.Trouble is not null) is { } wrong)
            {
                throw new WorkerException(wrong.Trouble!, wrong.Detail!);
            }

            await UseRightsAsync(connection, $"hsenet.check.{Guid.NewGuid():N}", cancellationToken);
            return looks.Count(q => q.Exists && QueueNames.Work.Contains(q.Name));
        }
        catch (Exception e) when (e is OperationInterruptedException or AlreadyClosedException or IOException or TimeoutException)
        {
            throw BrokerConnection.Explain(options, e);
        }
    }

    /// <param name="connection">To the broker.</param>
    /// <param name="own">Name of a queue and an exchange that nobody else has; neither is left behind.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private static async Task UseRightsAsync(IConnection connection, string own, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(own, durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(own, ExchangeType.Fanout, durable: false, autoDelete: true, cancellationToken: cancellationToken);
        try
        {
            await channel.QueueBindAsync(own, own, "", cancellationToken: cancellationToken);
            await channel.BasicPublishAsync(own, "", ReadOnlyMemory<byte>.Empty, cancellationToken);
            await channel.BasicGetAsync(own, autoAck: true, cancellationToken);   // answered after the message: a refusal of it has come by then
        }
        finally
        {
            // an exchange that nothing was ever bound to does not go by itself, and a refusal has closed the channel
            await using var cleaning = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await cleaning.ExchangeDeleteAsync(own, cancellationToken: cancellationToken);
        }
    }
}
