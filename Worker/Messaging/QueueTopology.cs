using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace HSENet.Worker.Messaging;

/// <param name="Name">Of the queue, and of the fanout exchange before it.</param>
/// <param name="Arguments">What it is made with; a queue that exists with others refuses us (406).</param>
internal sealed record QueueShape(string Name, IReadOnlyDictionary<string, object?> Arguments);

/// <summary>What a look at one queue saw.</summary>
/// <param name="Name">The queue.</param>
/// <param name="Exists">Whether it is there.</param>
/// <param name="Messages">That wait in it, without those that a consumer holds.</param>
/// <param name="Consumers">That are attached.</param>
/// <param name="Trouble">Code of what is wrong with it; null: nothing.</param>
/// <param name="Detail">What the broker says to it.</param>
internal sealed record QueueLook(string Name, bool Exists, long Messages, long Consumers, string? Trouble = null, string? Detail = null);

/// <summary>
/// The queues as the inference role makes them, and whether they are so. Only looks: a queue that is not there is made by nobody here.
/// </summary>
internal static class QueueTopology
{
    private const ushort NotFound = 404;
    private const ushort PreconditionFailed = 406;

    /// <summary>All queues, dead-letter queues first: the work queues need them.</summary>
    public static IReadOnlyList<QueueShape> Queues { get; } =
    [
        .. QueueNames.Work.Select(name => new QueueShape(QueueNames.DeadOf(name), new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = QueueNames.LooksLimit,
        })),
        .. QueueNames.Work.Select(name => new QueueShape(name, new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = QueueNames.DeliveryLimit,
            ["x-overflow"] = "reject-publish",
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-dead-letter-exchange"] = QueueNames.DeadOf(name),
        })),
    ];

    /// <summary>Arguments beside the type, which MassTransit sets by itself.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> ArgumentsOf(string name) =>
        Queues.Single(q => q.Name == name).Arguments.Where(a => a.Key is not "x-queue-type" and not "x-dead-letter-exchange");

    public static async Task<IReadOnlyList<QueueLook>> LookAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var looks = new List<QueueLook>();
        foreach (var queue in Queues)
        {
            looks.Add(await LookAsync(connection, queue, cancellationToken));
        }

        return looks;
    }

    private static async Task<QueueLook> LookAsync(IConnection connection, QueueShape queue, CancellationToken cancellationToken)
    {
        try
        {
            // each refusal closes its channel
            await using var passive = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            var there = await passive.QueueDeclarePassiveAsync(queue.Name, cancellationToken);
            var look = new QueueLook(queue.Name, Exists: true, there.MessageCount, there.ConsumerCount);
            await using var active = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await active.QueueDeclareAsync(
                queue.Name, durable: true, exclusive: false, autoDelete: false, queue.Arguments.ToDictionary(), cancellationToken: cancellationToken);
            await active.ExchangeDeclareAsync(queue.Name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
            return look;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason is { ReplyCode: NotFound })
        {
            return new QueueLook(queue.Name, Exists: false, 0, 0);
        }
        catch (OperationInterruptedException e) when (connection.IsOpen && e.ShutdownReason is { ReplyCode: >= 400 and < 500 } reason)
        {
            return new QueueLook(queue.Name, Exists: true, 0, 0, reason.ReplyCode == PreconditionFailed ? "queue.arguments" : "queue.refused", Explain(queue.Name, reason));
        }
    }

    /// <summary>The broker's own words where they name no user.</summary>
    private static string Explain(string queue, ShutdownEventArgs reason) => reason.ReplyCode == PreconditionFailed
        ? $"{queue} exists with other arguments than ours: {reason.ReplyText}; delete it when it is empty, it is made anew"
        : $"{queue}: the broker answers {reason.ReplyCode} ({reason.ReplyText.Split('-')[0].Trim()})";
}
