using HSENet.TestKit;

namespace HSENet.Faults.Site;

/// <summary>PostgreSQL and RabbitMQ of this run alone, shared by its cases one after the other.</summary>
internal sealed class FaultServers : IAsyncDisposable
{
    private FaultServers(PrivatePostgres postgres, PrivateBroker broker, FaultClock clock)
    {
        Postgres = postgres;
        Broker = broker;
        Clock = clock;
    }

    public PrivatePostgres Postgres { get; }

    public PrivateBroker Broker { get; }

    /// <summary>Of the database server.</summary>
    public FaultClock Clock { get; }

    /// <param name="isClockFaked">The wall clock of the database server can be stepped.</param>
    public static async Task<FaultServers> StartAsync(bool isClockFaked)
    {
        var clock = new FaultClock();
        var broker = PrivateBroker.Create();
        var starting = broker.StartAsync();
        var postgres = await PrivatePostgres.StartNewAsync(isClockFaked ? [.. clock.Environment.Select(v => $"{v.Key}={v.Value}")] : []);
        await starting;
        return new FaultServers(postgres, broker, clock);
    }

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        await Postgres.DisposeAsync();
        Clock.Dispose();
    }
}
