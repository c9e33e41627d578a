using System.Security.Cryptography.X509Certificates;
using HSENet.TestKit;

namespace HSENet.Integration.Tests;

/// <summary>A broker that is away, gone or false. One node for the class.</summary>
public sealed class BrokerOutageTests : IAsyncDisposable
{
    private readonly TestAuthority _authority = new("HSENet test authority");

    [Fact]
    public async Task Work_goes_on_around_a_broker_that_is_down_at_start_and_killed_later()
    {
        await using var broker = PrivateBroker.Create();
        await using var world = await QueueWorld.CreateAsync(broker.Settings);
        using var gate = new SemaphoreSlim(0);
        var model = new StandInModel
        {
            Failure = () =>
            {
                Assert.True(gate.Wait(QueueWorld.Deadline));
                return null;
            },
        };

        // down at start: both roles run, the gateway receives, the row waits
        var gateway = await world.StartGatewayAsync();
        await world.StartInferenceAsync(model);
        await world.PushAsync(gateway, "a");
        await world.WaitForLogAsync("queue.unreachable");
        await world.WaitForStatesAsync("ready");
        await broker.StartAsync();
        await world.WaitForStatesAsync("running");

        // killed while one job runs and others are queued; what is pushed now is received
        await world.PushAsync(gateway, "b", "c");
        await world.WaitForStatesAsync("running queued queued");
        await broker.KillAsync();
        await world.PushAsync(gateway, "d");
        gate.Release();
        await world.WaitForStatesAsync("drafted queued queued ready");
        await broker.StartAsync();
        gate.Release(3);
        await world.WaitForStatesAsync("drafted drafted drafted drafted");

        Assert.Equal(4, model.Calls);
        Assert.Equal([1, 1, 1, 1], await world.QueryAsync<int>("select attempt from job"));
        Assert.Equal(4, (await world.QueryAsync<byte[]>("select document from draft")).Count);

        // one line for each trouble of each process, not a page for each try
        var troubles = world.Log.Where(l => l.StartsWith("Error", StringComparison.Ordinal) || l.StartsWith("Critical", StringComparison.Ordinal)).ToList();
        Assert.True(troubles.Count <= 4, string.Join('\n', troubles));
        Assert.All(troubles, t => Assert.StartsWith("Error queue.unreachable", t, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_a_broker_with_a_trusted_certificate_of_the_right_name_is_used()
    {
        using var certificate = Certificate(_authority.Issue("localhost", ["localhost"]));
        using var stranger = new TestAuthority("Somebody else");
        using var ours = X509Certificate2.CreateFromPem(File.ReadAllText(_authority.File));
        await using var broker = PrivateBroker.Create(certificate, ours);
        await using var world = await QueueWorld.CreateAsync(broker.Settings);
        await broker.StartAsync();
        string[] Settings(string host, string? authority) =>
        [
            "--HSENet:Queue:Tls=true", $"--HSENet:Queue:Port={broker.TlsPort}", $"--HSENet:Queue:Host={host}", "--Logging:LogLevel:MassTransit=Warning",
            .. authority is null ? Array.Empty<string>() : [$"--HSENet:Queue:TlsCa={authority}"],
        ];
        var trusted = _authority.File;
        (string What, string Host, string? Authority)[] wrong =
        [
            ("the system's authorities", "localhost", null),
            ("another authority", "localhost", stranger.File),
            ("another name", "127.0.0.1", trusted),
        ];
        foreach (var (what, host, authority) in wrong)
        {
            world.Log.Clear();
            var inference = await world.StartInferenceAsync(new StandInModel(), Settings(host, authority));
            await world.WaitForLogAsync("Error queue.tls");
            await world.WaitForLogAsync("Connection Failed");       // MassTransit's own connection
            Assert.True(world.Log.All(l => !l.Contains("answers", StringComparison.Ordinal)), what);
            await world.StopAsync(inference);
        }

        // nothing reached the broker: not even a queue is there
        var missing = await Assert.ThrowsAsync<Worker.WorkerException>(async () =>
        {
            var gateway = await world.StartGatewayAsync(Settings("localhost", trusted));
            await ((Worker.Inference.IJobQueue)gateway.Services.GetService(typeof(Worker.Inference.IJobQueue))!)
                .SendAsync(Guid.NewGuid(), isStat: false, CancellationToken.None);
        });
        Assert.Equal("queue.missing", missing.Code);

        var model = new StandInModel();
        await world.StopAllAsync();
        var tlsGateway = await world.StartGatewayAsync(Settings("localhost", trusted));
        await world.StartInferenceAsync(model, Settings("localhost", trusted));
        await world.PushAsync(tlsGateway, "a");
        await world.WaitForStatesAsync("drafted");
        Assert.Equal(1, model.Calls);
    }

    private static X509Certificate2 Certificate((string Certificate, string Key) files) => X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);

    public ValueTask DisposeAsync()
    {
        _authority.Dispose();
        return ValueTask.CompletedTask;
    }
}
