using HSENet.Worker.Configuration;
using HSENet.Worker.Messaging;

namespace HSENet.Worker.Checks;

/// <summary>Whether the broker takes us: address, certificate, user and virtual host. The in-memory transport always does.</summary>
internal static class BrokerCheck
{
    /// <returns>Null when all is well.</returns>
    public static async Task<string?> RunAsync(QueueOptions options, CancellationToken cancellationToken)
    {
        if (!options.IsBroker)
        {
            return null;
        }

        try
        {
            await BrokerProbe.CountQueuesAsync(options, cancellationToken);
            return null;
        }
        catch (WorkerException e)
        {
            return $"{e.Message} ({e.Code})";
        }
    }
}
