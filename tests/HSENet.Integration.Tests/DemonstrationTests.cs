using HSENet.TestKit;
using HSENet.Worker.Configuration;

namespace HSENet.Integration.Tests;

/// <summary>A report of a model that is for demonstration goes only where the destination allows it.</summary>
public sealed class DemonstrationTests
{
    private const string JobSql = "select state || ' ' || mode || coalesce(' ' || error_code || ': ' || error_detail, '') from job";

    [Fact]
    public async Task A_demonstration_is_sent_to_nobody_unless_the_destination_says_so_and_its_job_says_why()
    {
        await using var world = await DraftedAsync("demonstration", _ => { });
        await world.DeliverAsync();

        Assert.Equal(
            ["drafted shadow delivery.demonstration: the model is a demonstration, and no destination says AllowDemonstration: pacs"],
            await world.QueryAsync<string>(JobSql));
        Assert.Empty(await world.QueryAsync<Guid>("select delivery_id from delivery"));
        Assert.Empty(world.Pacs.Received);
        Assert.Contains("job.drafted delivery.demonstration", await world.AuditAsync());
    }

    [Fact]
    public async Task Only_the_destination_that_allows_it_gets_a_demonstration()
    {
        await using var world = await DraftedAsync(
            "demonstration",
            s => s.Destinations.Add(new DestinationOptions { Name = "trial", AeTitle = "TRIAL", Host = "127.0.0.1", AllowDemonstration = true }));
        await world.DeliverAsync("trial");
        await world.DeliverAsync();

        Assert.Equal(["drafted draft"], await world.QueryAsync<string>(JobSql));
        Assert.Equal(["trial stored"], await world.QueryAsync<string>("select destination || ' ' || state from delivery"));
        Assert.Equal(
            ["pacs"],
            await world.QueryAsync<string>("select jsonb_array_elements_text(details::jsonb->'withheld_from') from audit.event where event = 'job.drafted'"));
    }

    /// <summary>The settings changed between the report and its sending.</summary>
    [Fact]
    public async Task A_demonstration_that_waits_is_not_sent_when_the_destination_allows_it_no_more()
    {
        await using var world = await DraftedAsync("demonstration", s => s.Destinations[0].AllowDemonstration = true);
        world.Settings.Destinations[0].AllowDemonstration = false;
        await world.RestartAsync();
        await world.DeliverAsync();

        Assert.Equal(["failed delivery.demonstration"], await world.QueryAsync<string>("select state || ' ' || error_code from delivery"));
        Assert.Empty(world.Pacs.Received);
    }

    [Theory]
    [InlineData("research")]
    [InlineData("clinical-evaluation")]
    public async Task Any_other_model_needs_no_such_word(string purpose)
    {
        await using var world = await DraftedAsync(purpose, _ => { });
        await world.DeliverAsync();

        Assert.Equal(["drafted draft"], await world.QueryAsync<string>(JobSql));
        Assert.Equal(["pacs stored"], await world.QueryAsync<string>("select destination || ' ' || state from delivery"));
    }

    private static async Task<ServiceWorld> DraftedAsync(string purpose, Action<WorkerSettings> change)
    {
        var world = await ServiceWorld.CreateAsync(change);
        world.Model.Identity = world.Model.Identity with { Purpose = purpose };
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        return world;
    }
}
