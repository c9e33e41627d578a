using HSENet.TestKit;
using HSENet.Worker.Checks;
using HSENet.Worker.Configuration;
using HSENet.Worker.Inference;
using HSENet.Worker.Messaging;
using HSENet.Worker.Observability;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HSENet.Integration.Tests;

/// <summary>Queues that are not as the service makes them, or are not there any more, while it runs.</summary>
public sealed class QueueTroubleTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly JobTiming s_hasty = new()
    {
        MessageAge = TimeSpan.FromSeconds(1),
        MessagePatience = TimeSpan.FromSeconds(1),
        IdleHold = TimeSpan.FromSeconds(3),
    };

    [Theory]
    [InlineData("hsenet.routine")]
    [InlineData("hsenet.stat.dead")]
    public async Task A_queue_with_other_arguments_is_named_and_the_work_goes_on_once_it_is_gone(string queue)
    {
        await using var world = await QueueWorld.CreateAsync();
        await world.Broker.DeclareQueueAsync(queue, new Dictionary<string, object> { ["x-queue-type"] = "classic" });
        var gateway = await world.StartGatewayAsync();
        var inference = await world.StartInferenceAsync(new StandInModel());
        await world.PushAsync(gateway, "a");
        await world.WaitForLogAsync("queue.arguments");
        await WaitForBrokerAsync(gateway, "queue.arguments", queue);
        await WaitForBrokerAsync(inference, "queue.arguments", queue);
        var problem = await BrokerCheck.RunAsync(Options(world), CancellationToken.None);
        await world.Broker.DeleteQueueAsync(queue);
        await world.WaitForStatesAsync("drafted");

        Assert.Contains("queue.arguments", problem, StringComparison.Ordinal);
        Assert.Contains(queue, problem, StringComparison.Ordinal);
        await WaitForBrokerAsync(gateway, null, "");
        await WaitForBrokerAsync(inference, null, "");
        await Until.TrueAsync(async () => (await world.Broker.QueuesAsync()).ContainsKey(queue), QueueWorld.Deadline, "it is made anew");
        Assert.Equal("quorum", (await world.Broker.QueuesAsync())[queue].GetProperty("arguments").GetProperty("x-queue-type").GetString());
        Assert.Equal(2, world.Log.Count(l => l.Contains("queue.arguments:", StringComparison.Ordinal)));
        Assert.Null(await BrokerCheck.RunAsync(Options(world), CancellationToken.None));
    }

    [Theory]
    [InlineData("hsenet.routine", "routine")]
    [InlineData("hsenet.stat", "stat")]
    public async Task A_consumer_that_has_ended_by_itself_is_attached_anew(string queue, string priority)
    {
        await using var world = await QueueWorld.CreateAsync();
        var gateway = await world.StartGatewayAsync(
            "--HSENet:Routes:0:Name=all", "--HSENet:Routes:0:When=Modality == \"CT\"", "--HSENet:Routes:0:Destinations:0=pacs", $"--HSENet:Routes:0:Priority={priority}");
        var inference = await world.StartInferenceAsync(new StandInModel());
        var bus = inference.Services.GetRequiredService<IBusControl>();
        var consumer = () => bus.CheckHealth().Endpoints.Values.Single(e => e.InputAddress.AbsolutePath.EndsWith('/' + queue, StringComparison.Ordinal));
        await Until.TrueAsync(() => Task.FromResult(consumer().Status == BusHealthStatus.Healthy), QueueWorld.Deadline, "the consumer is attached");

        // as an exception ends it that MassTransit does not know
        await consumer().ReceiveEndpoint.Stop(CancellationToken.None);
        await world.PushAsync(gateway, "a");

        await world.WaitForStatesAsync("drafted");
        Assert.Contains(world.Log, l => l.Contains("queue.consumer:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queues_that_are_deleted_or_purged_give_their_jobs_back_within_a_minute()
    {
        await using var world = await QueueWorld.CreateAsync();
        using var gate = new SemaphoreSlim(0);
        var model = new StandInModel
        {
            Failure = () =>
            {
                Assert.True(gate.Wait(QueueWorld.Deadline));
                return null;
            },
        };
        var gateway = await world.StartGatewayAsync();
        await world.StartInferenceAsync(model);
        await world.PushAsync(gateway, "a", "b", "c");
        await world.WaitForStatesAsync("running queued queued");
        await world.Broker.DeleteQueueAsync("hsenet.routine");
        await world.Broker.DeleteQueueAsync("hsenet.stat");
        gate.Release(3);
        await Until.TrueAsync(
            async () => (await world.Broker.QueuesAsync()) is var queues && queues.ContainsKey("hsenet.routine") && queues.ContainsKey("hsenet.stat"),
            QueueWorld.Deadline,
            "the queues are made anew");
        await Until.TrueAsync(
            async () => await world.StatesAsync() == "drafted drafted drafted", Minute, () => $"all is drafted a minute after the queues were made anew; {world.StatesAsync().Result}");

        await world.PushAsync(gateway, "d", "e", "f");
        await world.WaitForStatesAsync("drafted drafted drafted running queued queued");
        await world.Broker.PurgeQueueAsync("hsenet.routine");
        gate.Release(3);
        await Until.TrueAsync(
            async () => await world.StatesAsync() == "drafted drafted drafted drafted drafted drafted", Minute, () => $"all is drafted a minute after the queue was purged; {world.StatesAsync().Result}");

        Assert.Equal(6, model.Calls);
        Assert.Equal([1, 1, 1, 1, 1, 1], await world.QueryAsync<int>("select attempt from job"));
        Assert.Contains("queue.message-lost", await world.QueryAsync<string>("select reason from audit.event where event = 'job.retried'"));
    }

    [Fact]
    public async Task A_message_that_is_lost_while_the_only_worker_is_busy_is_sent_again()
    {
        await using var world = await QueueWorld.CreateAsync();
        using var gate = new SemaphoreSlim(0);
        var model = Held(gate);
        var gateway = await world.StartAsync("gateway", null, s_hasty);
        await world.StartAsync("inference", model, s_hasty);
        await world.PushAsync(gateway, "a");
        await world.WaitForStatesAsync("running");
        await world.PushAsync(gateway, "b");
        await world.WaitForStatesAsync("running queued");
        await world.Broker.PurgeQueueAsync("hsenet.routine");
        await WaitForLostMessagesAsync(world, 1);
        await world.WaitForStatesAsync("running queued");
        gate.Release(2);
        await world.WaitForStatesAsync("drafted drafted");

        Assert.Equal(2, model.Calls);
        Assert.Equal([1, 1], await world.QueryAsync<int>("select attempt from job"));
    }

    /// <summary>One works all the time, and so two consumers have nothing to do, which may hold a message for a moment, but not for long.</summary>
    [Fact]
    public async Task Messages_that_are_lost_while_one_of_three_workers_is_busy_are_sent_again()
    {
        await using var world = await QueueWorld.CreateAsync();
        using var gate = new SemaphoreSlim(0);
        var model = Held(gate);
        var gateway = await world.StartAsync("gateway", null, s_hasty);
        await world.PushAsync(gateway, "a");
        for (var i = 0; i < 3; i++)
            await world.StartAsync("inference", model, s_hasty);
        await world.WaitForStatesAsync("running");
        var watch = gateway.Services.GetRequiredService<BrokerWatch>();
        await Until.TrueAsync(
            () => Task.FromResult(watch.Queues.Any(q => q is { Name: "hsenet.routine", Consumers: 3 })), QueueWorld.Deadline, "all three consumers are seen");
        await world.Database.ExecuteAsync("""
            insert into job(job_id, series_key, series_revision, content_hash, is_partial, route, mode, model, priority, state, queued_at, destinations)
            select gen_random_uuid(), series_key, series_revision, content_hash, is_partial, 'copy ' || n, mode, model, priority, 'queued', now() - interval '1 minute', '{}'
              from job, generate_series(1, 2) n
            """);
        await WaitForLostMessagesAsync(world, 2);
        await world.WaitForStatesAsync("running running running");
        gate.Release(3);
    }

    /// <summary>Many more than the queue holds at a time, and longer than lost messages are looked for: each is sent once.</summary>
    [Fact]
    public async Task Of_ten_thousand_jobs_that_wait_honestly_none_is_sent_twice()
    {
        await using var world = await QueueWorld.CreateAsync();
        var timing = new JobTiming { MessageAge = TimeSpan.FromSeconds(1), MessagePatience = TimeSpan.FromSeconds(1) };
        using var gate = new SemaphoreSlim(0);
        var model = new StandInModel
        {
            Failure = () =>
            {
                Assert.True(gate.Wait(2 * QueueWorld.Deadline));
                return null;
            },
        };
        var gateway = await world.StartAsync("gateway", null, timing);
        await world.PushAsync(gateway, "a");
        await world.WaitForStatesAsync("ready");
        await world.Database.ExecuteAsync("""
            insert into job(job_id, series_key, series_revision, content_hash, is_partial, route, mode, model, priority, state, destinations)
            select gen_random_uuid(), series_key, series_revision, content_hash, is_partial, 'copy ' || n, mode, model, case when n % 10 = 0 then 2 else 1 end, 'ready', '{}'
              from job, generate_series(1, 10000) n
            """);
        await world.StartAsync("inference", model, timing);
        await world.StartAsync("inference", model, timing);
        await Until.TrueAsync(
            () => world.Database.ScalarAsync<bool>("select count(*) filter (where queued_at < now() - interval '8 seconds') > 0 from job where state = 'queued'"),
            QueueWorld.Deadline,
            "messages wait for several times as long as it takes to look for lost ones");
        gate.Release(24);
        await Until.TrueAsync(() => model.Calls >= 26, QueueWorld.Deadline, "work goes on for a while");

        Assert.Empty(await world.QueryAsync<string>("select reason from audit.event where event = 'job.retried' and reason <> 'queue.missing'"));
        Assert.Equal(1, await world.Database.ScalarAsync<long>("select max(n) from (select count(*) as n from audit.event where event = 'job.queued' group by job_id) q"));
        gate.Release(1_000_000); // whatever is begun while the hosts stop one after the other
    }

    private static StandInModel Held(SemaphoreSlim gate) => new()
    {
        Failure = () =>
        {
            Assert.True(gate.Wait(QueueWorld.Deadline));
            return null;
        },
    };

    private static Task WaitForLostMessagesAsync(QueueWorld world, int count) => Until.TrueAsync(
        async () => (await world.QueryAsync<string>("select reason from audit.event where event = 'job.retried'")).Count(r => r == "queue.message-lost") >= count,
        QueueWorld.Deadline,
        () => $"{count} messages are found to be lost; jobs are {world.StatesAsync().Result}");

    private static Task WaitForBrokerAsync(IHost host, string? code, string detail)
    {
        var readiness = host.Services.GetRequiredService<Readiness>();
        return Until.TrueAsync(
            async () => (await readiness.LookAsync(CancellationToken.None))["broker"] is var state && state.Code == code && (state.Detail ?? "").Contains(detail, StringComparison.Ordinal),
            QueueWorld.Deadline,
            () => $"the broker is {code ?? "well"}; it is {readiness.LookAsync(CancellationToken.None).Result["broker"]}");
    }

    private static QueueOptions Options(QueueWorld world) => new()
    {
        Transport = "rabbitmq",
        Host = world.Broker.Host,
        Port = world.Broker.Port,
        VirtualHost = world.Broker.VirtualHost,
        User = world.Broker.User,
        Password = world.Broker.Password,
    };
}
