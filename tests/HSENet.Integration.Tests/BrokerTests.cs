using HSENet.TestKit;
using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using HSENet.Worker.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HSENet.Integration.Tests;

/// <summary>Gateway and inference as hosts of their own over a real broker.</summary>
public sealed class BrokerTests
{
    [Fact]
    public async Task A_series_goes_over_the_broker_to_the_inference_and_its_report_waits_for_the_gateways_destinations()
    {
        await using var world = await QueueWorld.CreateAsync();
        var model = new StandInModel();
        var gateway = await world.StartGatewayAsync();
        await world.StartInferenceAsync(model, "--HSENet:Destinations:0:Name=unknown-to-the-gateway");
        await world.PushAsync(gateway, "a");
        await world.WaitForStatesAsync("drafted");

        Assert.Equal(1, model.Calls);
        Assert.Equal("pacs", Assert.Single(await world.QueryAsync<string>("select destination from delivery")));
        Assert.Equal(new string('a', 64), Assert.Single(await world.QueryAsync<string>("select model_digest from job")));
        Assert.Equal(
            "stand-in 1 " + new string('a', 64),
            Assert.Single(await world.QueryAsync<string>(
                "select details::jsonb->>'model' || ' ' || (details::jsonb->>'model_version') || ' ' || (details::jsonb->>'model_digest') from audit.event where event = 'job.drafted'")));
        Assert.StartsWith(
            "inference/", Assert.Single(await world.QueryAsync<string>("select details::jsonb->>'worker' from audit.event where event = 'job.started'")), StringComparison.Ordinal);
        Assert.Null(gateway.Services.GetService<IReportModel>());
    }

    [Fact]
    public async Task The_queues_are_what_operators_are_told()
    {
        await using var world = await QueueWorld.CreateAsync();
        await world.StartInferenceAsync(new StandInModel());
        await Until.TrueAsync(
            async () => (await world.Broker.QueuesAsync()).Count >= 4, QueueWorld.Deadline, "the queues are there");
        var queues = await world.Broker.QueuesAsync();

        Assert.Equal(["hsenet.routine", "hsenet.routine.dead", "hsenet.stat", "hsenet.stat.dead"], queues.Keys.Order());
        foreach (var name in (string[])["hsenet.stat", "hsenet.routine"])
        {
            var arguments = queues[name].GetProperty("arguments");
            Assert.True(queues[name].GetProperty("durable").GetBoolean());
            Assert.Equal("quorum", arguments.GetProperty("x-queue-type").GetString());
            Assert.Equal(QueueNames.DeliveryLimit, arguments.GetProperty("x-delivery-limit").GetInt32());
            Assert.Equal("at-least-once", arguments.GetProperty("x-dead-letter-strategy").GetString());
            Assert.Equal("reject-publish", arguments.GetProperty("x-overflow").GetString());
            Assert.Equal($"{name}.dead", arguments.GetProperty("x-dead-letter-exchange").GetString());
            Assert.Equal("quorum", queues[$"{name}.dead"].GetProperty("arguments").GetProperty("x-queue-type").GetString());
        }
    }

    [Fact]
    public async Task Without_a_queue_a_send_fails_loudly_the_row_stays_ready_and_goes_when_there_is_one()
    {
        await using var world = await QueueWorld.CreateAsync();
        var gateway = await world.StartGatewayAsync();
        var failure = await Assert.ThrowsAsync<Worker.WorkerException>(
            () => gateway.Services.GetRequiredService<IJobQueue>().SendAsync(Guid.NewGuid(), isStat: false, CancellationToken.None));
        await world.PushAsync(gateway, "a");
        await world.WaitForLogAsync("queue.missing");
        var before = await world.StatesAsync();
        await world.StartInferenceAsync(new StandInModel());
        await world.WaitForStatesAsync("drafted");

        Assert.Equal("queue.missing", failure.Code);
        Assert.Equal("ready", before);
        Assert.Single(world.Log, l => l.Contains("queue.missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stat_goes_before_routine()
    {
        await using var world = await QueueWorld.CreateAsync();
        using var gate = new ManualResetEventSlim();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var model = new StandInModel
        {
            Failure = () =>
            {
                started.TrySetResult();
                gate.Wait(QueueWorld.Deadline);
                return null;
            },
        };
        var gateway = await world.StartGatewayAsync();
        await world.StartInferenceAsync(model);
        await world.PushAsync(gateway, "r0");
        await started.Task.WaitAsync(QueueWorld.Deadline);
        await world.PushAsync(gateway, "r1", "r2", "r3");
        await world.WaitForStatesAsync("running queued queued queued");
        await world.Database.ExecuteAsync("""
            update job set state = 'ready', priority = 2 where job_id = (select job_id from job where state = 'queued' order by created_at desc limit 1)
            """);
        await world.WaitForStatesAsync("running queued queued queued");
        gate.Set();
        await world.WaitForStatesAsync("drafted drafted drafted drafted");

        // r3 became STAT after it had been sent as routine: its second message overtakes, the first one finds it done
        Assert.Equal("1 4 2 3", string.Join(' ', await world.QueryAsync<long>("""
            select n from (select job_id, row_number() over (order by created_at) n from job) j
              join audit.event e using (job_id) where e.event = 'job.started' order by e.event_id
            """)));
        Assert.Equal(4, model.Calls);
    }

    [Fact]
    public async Task Many_wake_ups_for_one_job_are_one_run()
    {
        await using var world = await QueueWorld.CreateAsync();
        var model = new StandInModel();
        var gateway = await world.StartGatewayAsync();
        await world.StartInferenceAsync(model);
        await world.StartInferenceAsync(model);
        await world.PushAsync(gateway, "a");
        await world.WaitForStatesAsync("drafted");
        var jobId = Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
        var queue = gateway.Services.GetRequiredService<IJobQueue>();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => queue.SendAsync(jobId, i % 2 == 0, CancellationToken.None)));
        await Until.TrueAsync(
            async () => (await world.Broker.QueuesAsync()).Values.All(q => q.TryGetProperty("messages", out var n) && n.GetInt64() == 0),
            QueueWorld.Deadline,
            "the queues are empty");

        Assert.Equal(1, model.Calls);
        Assert.Single(await world.QueryAsync<byte[]>("select document from draft"));
    }

    [Fact]
    public async Task A_connection_that_breaks_during_a_job_costs_nothing()
    {
        await using var world = await QueueWorld.CreateAsync();
        using var gate = new ManualResetEventSlim();
        var model = new StandInModel
        {
            Failure = () =>
            {
                gate.Wait(QueueWorld.Deadline);
                return null;
            },
        };
        var gateway = await world.StartGatewayAsync();
        await world.StartInferenceAsync(model);
        await world.PushAsync(gateway, "a");
        await world.WaitForStatesAsync("running");
        await Until.TrueAsync(
            async () =>
            {
                await world.Broker.DropConnectionsAsync();
                return world.Log.Count(l => l.Contains("answers", StringComparison.Ordinal)) >= 4;
            },
            QueueWorld.Deadline,
            "both witnesses lost their connection and got it back");
        gate.Set();
        await world.WaitForStatesAsync("drafted");
        gate.Set();
        await world.PushAsync(gateway, "b");
        await world.WaitForStatesAsync("drafted drafted");

        Assert.Equal(2, model.Calls);
        Assert.Equal([1, 1], await world.QueryAsync<int>("select attempt from job"));
    }

    [Fact]
    public async Task A_stop_ends_the_job_that_runs_and_gives_back_the_one_that_waits()
    {
        await using var world = await QueueWorld.CreateAsync();
        using var gate = new ManualResetEventSlim();
        var model = new StandInModel
        {
            Failure = () =>
            {
                gate.Wait(QueueWorld.Deadline);
                return null;
            },
        };
        var gateway = await world.StartGatewayAsync();
        var inference = await world.StartInferenceAsync(model);
        await world.PushAsync(gateway, "a");
        await world.WaitForStatesAsync("running");
        await world.PushAsync(gateway, "b");
        await world.WaitForStatesAsync("running queued");

        // as STAT its message does not stay in the queue behind the job that runs: the process has it, and it waits for its turn
        await world.Database.ExecuteAsync("update job set state = 'ready', priority = 2 where state = 'queued'");
        await Until.TrueAsync(
            async () => (await world.Broker.QueuesAsync()).TryGetValue("hsenet.stat", out var q) && q.TryGetProperty("messages_unacknowledged", out var n) && n.GetInt64() == 1,
            QueueWorld.Deadline,
            "the process has the message");
        var stop = Task.Run(() => world.StopAsync(inference));
        await Until.TrueAsync(
            async () => (await world.QueryAsync<string>("select reason from audit.event where event = 'job.retried'")).Contains("host.stopping"),
            QueueWorld.Deadline,
            "the waiting job is given back");
        Assert.False(stop.IsCompleted);
        gate.Set();
        await stop.WaitAsync(QueueWorld.Deadline);

        Assert.Equal("drafted", (await world.StatesAsync()).Split(' ')[0]);
        await world.StartInferenceAsync(new StandInModel());
        await world.WaitForStatesAsync("drafted drafted");
        Assert.Equal(1, model.Calls);
        Assert.Equal([1, 1], await world.QueryAsync<int>("select attempt from job"));
    }

    [Fact]
    public async Task A_gateway_that_restarts_leaves_running_jobs_to_the_inference_that_runs_them()
    {
        await using var world = await QueueWorld.CreateAsync();
        using var gate = new ManualResetEventSlim();
        var model = new StandInModel
        {
            Failure = () =>
            {
                gate.Wait(QueueWorld.Deadline);
                return null;
            },
        };
        var gateway = await world.StartGatewayAsync();
        await world.StartInferenceAsync(model);
        await world.PushAsync(gateway, "a");
        await world.WaitForStatesAsync("running");
        await world.PushAsync(gateway, "b");
        await world.WaitForStatesAsync("running queued");
        await world.StopAsync(gateway);
        await world.StartGatewayAsync();
        var states = await world.StatesAsync();
        gate.Set();
        await world.WaitForStatesAsync("drafted drafted");

        Assert.Equal("running queued", states);
        Assert.Equal([1, 1], await world.QueryAsync<int>("select attempt from job"));
        Assert.Equal(2, model.Calls);
    }

    [Fact]
    public async Task Two_inference_processes_have_leases_of_their_own_and_share_the_work()
    {
        await using var world = await QueueWorld.CreateAsync();
        using var gate = new CountdownEvent(2);
        StandInModel Model() => new()
        {
            Failure = () =>
            {
                if (!gate.IsSet)
                    gate.Signal();
                gate.Wait(QueueWorld.Deadline);
                return null;
            },
        };
        var gateway = await world.StartGatewayAsync();
        var first = await world.StartInferenceAsync(Model());
        var second = await world.StartInferenceAsync(Model());
        await world.PushAsync(gateway, "a", "b");
        await world.WaitForStatesAsync("drafted drafted");

        // neither job could end before both were running
        Assert.NotEqual(first.Services.GetRequiredService<ProcessIdentity>().LeaseOwner, second.Services.GetRequiredService<ProcessIdentity>().LeaseOwner);
        Assert.Equal(2, (await world.QueryAsync<string>("select details::jsonb->>'worker' from audit.event where event = 'job.started'")).Distinct().Count());
    }

    [Fact]
    public async Task A_model_other_than_the_routes_writes_no_report()
    {
        await using var world = await QueueWorld.CreateAsync();
        var model = new StandInModel();
        var gateway = await world.StartGatewayAsync();
        await world.StartInferenceAsync(model, "--HSENet:Model:Directory=models/another");
        await world.PushAsync(gateway, "a");
        await Until.TrueAsync(
            async () => (await world.QueryAsync<string>("select error_code from job")).Contains("model.missing"), QueueWorld.Deadline, "the job tells");

        Assert.Equal(0, model.Calls);
        Assert.Empty(await world.QueryAsync<byte[]>("select document from draft"));
    }
}
