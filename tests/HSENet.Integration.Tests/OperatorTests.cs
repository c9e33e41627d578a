using System.Text.Json;
using HSENet.TestKit;
using HSENet.Worker.Inference;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;

namespace HSENet.Integration.Tests;

/// <summary>The work from the operator's side: the rules on rows, and the command as it is run.</summary>
public sealed class OperatorTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_dead_job_is_tried_again_from_the_beginning()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var jobId = await MakeJobAsync(world);
        world.Model.Failure = () => new HSENet.Model.HSENetModelException("model.memory", "not enough memory");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await world.RunJobsAsync();
            await world.HurryAsync();
        }

        world.Model.Failure = () => null;
        Assert.Equal("dead", Assert.Single(await world.QueryAsync<string>("select state from job")));
        Assert.True(await Store(world).TryRetryAsync(jobId, OperatorJobStore.CanRetry, "operator", CancellationToken.None));
        Assert.Equal("ready 0 ", Assert.Single(await world.QueryAsync<string>("select state || ' ' || attempt || ' ' || coalesce(error_code, '') from job")));
        await world.RunJobsAsync();

        Assert.Equal("drafted 1", Assert.Single(await world.QueryAsync<string>("select state || ' ' || attempt from job")));
        Assert.Equal("user:tester", Assert.Single(await world.QueryAsync<string>("select actor from audit.event where reason = 'operator'")));
        Assert.False(await Store(world).TryRetryAsync(jobId, OperatorJobStore.CanRetry, "operator", CancellationToken.None));
    }

    [Fact]
    public async Task A_refused_job_that_is_tried_again_closes_its_series_again()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        var jobId = Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
        var claim = await world.Get<JobStore>().TryClaimAsync(jobId, "me", CancellationToken.None);
        Assert.True(await world.Get<JobStore>().TryFailAsync(claim!, "pixels.compressed", "", isRefusal: true, CancellationToken.None));
        Assert.Equal("refused", Assert.Single(await world.QueryAsync<string>("select state from series")));
        Assert.True(await Store(world).TryRetryAsync(jobId, OperatorJobStore.CanRetry, "operator", CancellationToken.None));
        await world.RunJobsAsync();

        Assert.Equal("closed", Assert.Single(await world.QueryAsync<string>("select state from series where refusal_code is null")));
        Assert.Equal("drafted", Assert.Single(await world.QueryAsync<string>("select state from job")));
        Assert.Contains("series.reopened operator", await world.AuditAsync());
    }

    [Fact]
    public async Task A_job_that_is_cancelled_while_it_runs_leaves_no_report()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var jobId = await MakeJobAsync(world);
        world.Model.Failure = () =>
        {
            Assert.True(Store(world).TryCancelAsync(jobId, CancellationToken.None).GetAwaiter().GetResult());
            return null;
        };
        await world.RunJobsAsync();
        await world.HurryAsync();
        await world.RunJobsAsync();

        Assert.Equal("cancelled", Assert.Single(await world.QueryAsync<string>("select state from job")));
        Assert.Empty(await world.QueryAsync<byte[]>("select document from draft"));
        Assert.Equal("job.cancelled operator", (await world.AuditAsync())[^1]);
        Assert.False(await Store(world).TryCancelAsync(jobId, CancellationToken.None));
    }

    [Fact]
    public async Task The_command_lists_shows_changes_and_explains()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var jobId = await MakeJobAsync(world);
        await world.PushAsync(new CtSeriesBuilder { Identity = "b" });
        await world.SweepSeriesAsync();
        var other = Assert.Single(await world.QueryAsync<Guid>($"select job_id from job where job_id <> '{jobId}'"));

        var listed = await RunAsync(world, "list", "--json");
        Assert.Equal(0, listed.ExitCode);
        var lines = listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal([other, jobId], lines.Select(l => l.GetProperty("job_id").GetGuid()));
        Assert.All(lines, l => Assert.Equal(("ready", 1), (l.GetProperty("state").GetString(), l.GetProperty("priority").GetInt32())));

        Assert.All(lines, l => Assert.StartsWith("2.25.", l.GetProperty("study_uid").GetString(), StringComparison.Ordinal));
        var table = (await RunAsync(world, "list")).Output.TrimEnd('\n').Split('\n');
        Assert.StartsWith("JOB ", table[0], StringComparison.Ordinal);
        Assert.Equal(3, table.Length);
        Assert.All(table, line => Assert.True(line.Length <= 100, line));
        var shortened = table[2].Split(' ')[0];
        Assert.StartsWith(shortened, $"{jobId}", StringComparison.Ordinal);
        Assert.Contains($"\"job_id\":\"{jobId}\"", (await RunAsync(world, "show", shortened, "--json")).Output, StringComparison.Ordinal);
        var nobody = await RunAsync(world, "show", "ffffffff");
        Assert.Equal((1, "error jobs.unknown: no job begins with ffffffff\n"), (nobody.ExitCode, nobody.Error));

        var cancelled = await RunAsync(world, "cancel", $"{jobId}");
        Assert.Equal((0, $"{jobId} cancelled\n"), (cancelled.ExitCode, cancelled.Output));
        var again = await RunAsync(world, "cancel", $"{jobId}", $"{other}");
        Assert.Equal((1, $"{other} cancelled\n", $"error jobs.state: job {jobId} is cancelled\n"), (again.ExitCode, again.Output, again.Error));
        Assert.Equal(0, (await RunAsync(world, "retry", $"{jobId}", "--json")).ExitCode);
        Assert.Equal("", (await RunAsync(world, "list", "--state", "dead")).Output);
        Assert.Equal((0, ""), ((await RunAsync(world, "retry", "--delivery", "failed")).ExitCode, (await RunAsync(world, "retry", "--delivery", "failed")).Output));
        Assert.Equal(2, (await RunAsync(world, "retry", "--delivery", "failed", $"{jobId}")).ExitCode);

        var shown = JsonDocument.Parse((await RunAsync(world, "show", $"{jobId}", "--json")).Output).RootElement;
        Assert.Equal("ready", shown.GetProperty("job").GetProperty("state").GetString());
        Assert.Equal(new CtSeriesBuilder().SeriesUid, shown.GetProperty("series_uid").GetString());
        Assert.Equal(
            ["job.created service", $"job.cancelled user:{Environment.UserName}", $"job.retried user:{Environment.UserName}"],
            shown.GetProperty("events").EnumerateArray().Select(e => $"{e.GetProperty("event").GetString()} {e.GetProperty("actor").GetString()}"));
        Assert.Equal(1, (await RunAsync(world, "show", $"{Guid.NewGuid()}")).ExitCode);
        Assert.StartsWith("error queue.none", (await RunAsync(world, "dead-letters")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("jobs", "dance")]
    [InlineData("jobs", "list", "more")]
    [InlineData("jobs", "list", "--state", "lost")]
    [InlineData("jobs", "list", "--limit", "0")]
    [InlineData("jobs", "list", "--delivery", "lost")]
    [InlineData("jobs", "show", "--delivery", "failed")]
    [InlineData("jobs", "list", "--replay")]
    [InlineData("jobs", "show")]
    [InlineData("jobs", "retry", "not-an-id")]
    [InlineData("jobs", "cancel")]
    public async Task Wrong_usage_is_told_without_a_database(params string[] arguments)
    {
        var result = await Task.Run(() => Worker.Commands.CommandLine.RunAsync(arguments));
        Assert.Equal(2, result);
    }

    private static OperatorJobStore Store(ServiceWorld world) => new(world.Get<Database>(), "user:tester");

    private static Task<ToolResult> RunAsync(ServiceWorld world, params string[] arguments) => WorkerProcess.RunAsync(
        ["jobs", .. arguments], Deadline, new Dictionary<string, string?> { ["Database:ConnectionString"] = world.Settings.Database.ConnectionString });

    private static async Task<Guid> MakeJobAsync(ServiceWorld world)
    {
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        return Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
    }
}
