using HSENet.Faults.Site;
using HSENet.Worker.Configuration;
using HSENet.Worker.Messaging;
using RabbitMQ.Client;

namespace HSENet.Faults.Cases;

/// <summary>Messages that the broker loses: somebody purges the queues, or deletes them.</summary>
internal static class QueueCases
{
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("queues-purged", new SiteShape(), (site, moment) => LoseAsync(site, moment, (channel, queue) => channel.QueuePurgeAsync(queue))),
        new("queues-deleted", new SiteShape(), (site, moment) => LoseAsync(site, moment, (channel, queue) => channel.QueueDeleteAsync(queue))),
    ];

    private static async Task LoseAsync(FaultSite site, FaultMoment moment, Func<IChannel, string, Task<uint>> lose)
    {
        await moment.WaitAsync(moment.Dice.Next(2) == 0 ? Stage.Publish : Stage.Inference);
        await using var connection = await BrokerConnection.OpenAsync(Options(site.Servers.Broker.Settings), "fault", CancellationToken.None);
        await using var channel = await connection.CreateChannelAsync();
        foreach (var queue in QueueNames.Work)
            moment.Tell($"{await lose(channel, queue)} messages lost");
    }

    private static QueueOptions Options(Dictionary<string, string?> settings) => new()
    {
        Transport = "rabbitmq",
        Host = settings["Queue:Host"]!,
        Port = int.Parse(settings["Queue:Port"]!, System.Globalization.CultureInfo.InvariantCulture),
        VirtualHost = settings.GetValueOrDefault("Queue:VirtualHost") ?? "/",
        User = settings["Queue:User"],
        Password = settings["Queue:Password"],
    };
}
