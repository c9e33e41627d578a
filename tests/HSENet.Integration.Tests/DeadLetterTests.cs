using System.Text.Json;
using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Inference;
using HSENet.Worker.Messaging;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;

namespace HSENet.Integration.Tests;

/// <summary>Messages that nobody can work on: they end in the dead-letter queues, their jobs are dead and seen, and an operator brings them back.</summary>
public sealed class DeadLetterTests
{
    [Fact]
    public async Task A_message_that_kills_every_process_that_takes_it_is_dead_lettered_and_its_job_is_dead_until_it_is_replayed()
    {
        await using var world = await QueueWorld.CreateAsync();
        var gateway = await world.StartGatewayAsync();
        await MakeQueuesAsync(world);
        await world.PushAsync(gateway, "a");
        await world.WaitForStatesAsync("queued");
        var jobId = Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
        var deaths = await DieWithMessagesAsync(world, gateway, QueueNames.Routine);
        await world.WaitForStatesAsync("dead");

        Assert.Equal(QueueNames.DeliveryLimit + 1, deaths);
        Assert.Equal("queue.dead-letter", Assert.Single(await world.QueryAsync<string>("select error_code from job")));
        Assert.Contains("job.dead queue.dead-letter", await world.QueryAsync<string>("select event || coalesce(' ' || reason, '') from audit.event"));
        await world.WaitForLogAsync($"Error queue.dead-letter: a message of job {jobId} ended in hsenet.routine.dead (delivery_limit)");

        // looking changes nothing
        for (var look = 0; look < 2; look++)
        {
            var letter = Assert.Single(await VisitOnceThereAsync(gateway, isReplay: false));
            Assert.Equal(("hsenet.routine.dead", jobId, "delivery_limit", "dead", "waiting"),
                (letter.Letter.Queue, letter.Letter.JobId, letter.Letter.Reason, letter.JobState, letter.Outcome));
            Assert.NotNull(letter.Letter.DiedAt);
        }

        // and as the operator does it
        var listed = await CommandAsync(world);
        Assert.Equal($"{jobId} hsenet.routine.dead delivery_limit job dead: waiting\n", listed.Succeeded().Output);
        var model = new StandInModel();
        await world.StartInferenceAsync(model);
        var replayed = JsonDocument.Parse((await CommandAsync(world, "--replay", "--json")).Succeeded().Output).RootElement;
        Assert.Equal(jobId, replayed.GetProperty("job_id").GetGuid());
        Assert.Equal("replayed", replayed.GetProperty("outcome").GetString());
        await world.WaitForStatesAsync("drafted");
        Assert.Equal("", (await CommandAsync(world)).Succeeded().Output);
        Assert.Equal(1, model.Calls);
        Assert.Equal($"user:{Environment.UserName}", Assert.Single(await world.QueryAsync<string>("select actor from audit.event where reason = 'operator.replay'")));
    }

    [Fact]
    public async Task A_letter_counts_once_against_its_job()
    {
        await using var world = await QueueWorld.CreateAsync();
        await DieAndComeBackAsync(world);

        // the letter is still there: the gateway that sees it again at its next start leaves the job alone
        var gateway = await world.StartGatewayAsync();
        await WaitForLetterAsync(world);
        await world.StartInferenceAsync(new StandInModel());
        await world.WaitForStatesAsync("drafted");

        // its work is done: a replay removes it and starts nothing
        var line = Assert.Single(await VisitOnceThereAsync(gateway, isReplay: true));
        Assert.Equal(("drafted", "removed"), (line.JobState, line.Outcome));
        Assert.Empty(await VisitAsync(gateway, isReplay: false));
        Assert.Equal("drafted", await world.StatesAsync());
    }

    [Fact]
    public async Task Foreign_and_broken_messages_are_set_aside_and_shown_and_stay()
    {
        await using var world = await QueueWorld.CreateAsync();
        var model = new StandInModel();
        var gateway = await world.StartGatewayAsync();
        await world.StartInferenceAsync(model);
        await Until.TrueAsync(async () => (await world.Broker.QueuesAsync()).Count >= 4, QueueWorld.Deadline, "the queues are there");
        var settings = gateway.Services.GetRequiredService<WorkerSettings>().Queue;
        await using (var connection = await BrokerConnection.OpenAsync(settings, "test", CancellationToken.None))
        await using (var channel = await connection.CreateChannelAsync())
        {
            var json = new BasicProperties { ContentType = "application/vnd.masstransit+json", MessageId = "broken\u0007id" };
            await channel.BasicPublishAsync("", QueueNames.Routine, mandatory: true, json, "{ this is no JSON"u8.ToArray());
            var stranger = JsonSerializer.SerializeToUtf8Bytes(new
            {
                messageId = Guid.NewGuid(), messageType = (string[])["urn:message:Somebody:Else"], message = new { jobId = Guid.NewGuid() },
            });
            await channel.BasicPublishAsync("", QueueNames.Stat, mandatory: true, new BasicProperties { ContentType = json.ContentType }, stranger);
        }

        IReadOnlyList<DeadLetterLine> lines = [];
        await Until.TrueAsync(
            async () => (lines = await VisitAsync(gateway, isReplay: false)).Count == 2, QueueWorld.Deadline, () => $"two letters; there are {lines.Count}");
        var replayed = await VisitAsync(gateway, isReplay: true);

        Assert.Equal(["hsenet.routine_error", "hsenet.stat_skipped"], lines.Select(l => l.Letter.Queue).Order());
        Assert.Equal("broken?id", Assert.Single(lines, l => l.Letter.Queue == "hsenet.routine_error").Letter.Key);
        Assert.All(replayed, line => Assert.Equal((null, "kept"), (line.JobState, line.Outcome)));
        Assert.Equal(2, (await VisitAsync(gateway, isReplay: false)).Count);

        var queues = await world.Broker.QueuesAsync();
        foreach (var name in (string[])["hsenet.routine_error", "hsenet.stat_skipped"])
        {
            Assert.Equal("quorum", queues[name].GetProperty("arguments").GetProperty("x-queue-type").GetString());
            Assert.Equal(QueueNames.LooksLimit, queues[name].GetProperty("arguments").GetProperty("x-delivery-limit").GetInt32());
        }

        // and nothing stands still because of them
        await world.PushAsync(gateway, "a");
        await world.WaitForStatesAsync("drafted");
        Assert.Equal(1, model.Calls);
    }

    [Fact]
    public async Task A_letter_that_is_read_late_leaves_a_job_alone_that_was_brought_back()
    {
        await using var world = await QueueWorld.CreateAsync();
        await DieAndComeBackAsync(world);

        // as if no gateway had been there when the message died, and the operator had come ten seconds later
        await world.QueryAsync<int>("update job set queued_at = queued_at + interval '10 seconds' returning 1");
        await world.QueryAsync<string>("delete from dead_letter returning message_key");
        await world.StartGatewayAsync();
        await WaitForLetterAsync(world);
        var state = Assert.Single(await world.QueryAsync<string>("""
            select state || coalesce(' ' || error_detail || ', queued at ' || queued_at || ', ended at ' || ended_at, '') from job
            """));
        var story = await world.QueryAsync<string>("""
            select at || ' ' || event || ' ' || coalesce(reason, '') || ' ' || coalesce(details, '') from audit.event where job_id is not null order by event_id
            """);
        Assert.True(state == "queued", $"{state}\n{string.Join('\n', story)}\n{string.Join('\n', world.Log)}");
    }

    [Fact]
    public async Task The_probe_of_check_tells_what_is_wrong()
    {
        await using var broker = await TestBroker.CreateAsync();
        QueueOptions Options(Action<QueueOptions>? change = null)
        {
            var options = new QueueOptions
            {
                Transport = "rabbitmq", Host = broker.Host, Port = broker.Port, VirtualHost = broker.VirtualHost, User = broker.User, Password = broker.Password,
            };
            change?.Invoke(options);
            return options;
        }

        async Task<string> CodeAsync(Action<QueueOptions> change)
        {
            var failure = await Assert.ThrowsAsync<Worker.WorkerException>(() => BrokerProbe.CountQueuesAsync(Options(change), CancellationToken.None));
            Assert.DoesNotContain(broker.Password, failure.Message, StringComparison.Ordinal);
            return failure.Code;
        }

        Assert.Equal(0, await BrokerProbe.CountQueuesAsync(Options(), CancellationToken.None));
        Assert.Equal("queue.refused", await CodeAsync(o => o.Password = "wrong"));
        Assert.Equal("queue.refused", await CodeAsync(o => o.VirtualHost = "nowhere"));
        var (user, password) = await broker.CreateUserAsync(configure: "^hsenet\\.", write: "", read: "^hsenet\\.");
        Assert.Equal("queue.refused", await CodeAsync(o => (o.User, o.Password) = (user, password)));
        Assert.DoesNotContain(await broker.ExchangesAsync(), name => name.StartsWith("hsenet.check", StringComparison.Ordinal));
        Assert.Equal("queue.unreachable", await CodeAsync(o => o.Port = FreePort.Next()));
        Assert.Equal("queue.unreachable", await CodeAsync(o => o.Host = "no-such-host.invalid"));
    }

    /// <summary>A job whose message died, which an operator brought back, and whose gateway then stopped.</summary>
    private static async Task DieAndComeBackAsync(QueueWorld world)
    {
        var gateway = await world.StartGatewayAsync();
        await MakeQueuesAsync(world);
        await world.PushAsync(gateway, "a");
        await world.WaitForStatesAsync("queued");
        await DieWithMessagesAsync(world, gateway, QueueNames.Routine);
        await world.WaitForStatesAsync("dead");
        var jobId = Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
        Assert.True(await Store(gateway).TryRetryAsync(jobId, OperatorJobStore.CanRetry, "operator", CancellationToken.None));
        await world.WaitForStatesAsync("queued");
        await world.StopAsync(gateway);
    }

    private static Task WaitForLetterAsync(QueueWorld world) => Until.TrueAsync(
        async () => (await world.QueryAsync<string>("select message_key from dead_letter")).Count == 1, QueueWorld.Deadline, "the letter is known");

    /// <summary>A process that takes a message and dies, again and again, until there is none: its connection breaks without an answer.</summary>
    private static async Task<int> DieWithMessagesAsync(QueueWorld world, IHost host, string queue)
    {
        var settings = host.Services.GetRequiredService<WorkerSettings>().Queue;
        for (var deaths = 0; ; deaths++)
        {
            Assert.True(deaths < 50, "the message comes for ever");
            await using var connection = await BrokerConnection.OpenAsync(settings, "test", CancellationToken.None);
            await using var channel = await connection.CreateChannelAsync();
            BasicGetResult? message = null;
            await Until.TrueAsync(
                async () => (message = await channel.BasicGetAsync(queue, autoAck: false)) is not null || await DeadCountAsync(channel, queue) > 0,
                QueueWorld.Deadline,
                () => $"the message is back or dead after {deaths} deaths; {Describe(world)}");
            if (message is null)
                return deaths;
            await connection.AbortAsync();
        }
    }

    /// <summary><c>jobs dead-letters</c> as a process.</summary>
    private static Task<ToolResult> CommandAsync(QueueWorld world, params string[] options) => WorkerProcess.RunAsync(
        ["jobs", "dead-letters", .. options],
        QueueWorld.Deadline,
        new Dictionary<string, string?>(world.Broker.Settings) { ["Database:ConnectionString"] = world.Database.ServiceConnectionString });

    private static async Task<uint> DeadCountAsync(IChannel channel, string queue) => await channel.MessageCountAsync(QueueNames.DeadOf(queue));

    /// <summary>An inference process that was here once.</summary>
    private static async Task MakeQueuesAsync(QueueWorld world)
    {
        var inference = await world.StartInferenceAsync(new StandInModel());
        await Until.TrueAsync(
            async () => (await world.Broker.QueuesAsync()).Count(q => q.Value.TryGetProperty("consumers", out var n) && n.GetInt32() == 1) == 2,
            QueueWorld.Deadline,
            "it receives");
        await world.StopAsync(inference);
    }

    private static string Describe(QueueWorld world) => string.Join(
        ", ", world.Broker.QueuesAsync().GetAwaiter().GetResult().Select(q => $"{q.Key} {(q.Value.TryGetProperty("messages", out var n) ? n.GetRawText() : "?")}"));

    private static OperatorJobStore Store(IHost host) => new(host.Services.GetRequiredService<Database>(), "user:tester");

    /// <summary>While the gateway itself looks at a letter nobody else sees it: looks until there is one.</summary>
    private static async Task<IReadOnlyList<DeadLetterLine>> VisitOnceThereAsync(IHost host, bool isReplay)
    {
        IReadOnlyList<DeadLetterLine> lines = [];
        await Until.TrueAsync(async () => (lines = await VisitAsync(host, isReplay)).Count > 0, QueueWorld.Deadline, "a letter is there");
        return lines;
    }

    private static async Task<IReadOnlyList<DeadLetterLine>> VisitAsync(IHost host, bool isReplay)
    {
        await using var connection = await BrokerConnection.OpenAsync(host.Services.GetRequiredService<WorkerSettings>().Queue, "test", CancellationToken.None);
        return await new OperatorDeadLetters(Store(host)).VisitAsync(connection, isReplay, CancellationToken.None);
    }
}
