using FellowOakDicom;
using HSENet.Dicom.Sending;
using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Operating;
using HSENet.Worker.Persistence;
using HSENet.Worker.Routing;
using static HSENet.Integration.Tests.CorrectionWorld;
using static HSENet.Integration.Tests.RoutingWorld;

namespace HSENet.Integration.Tests;

/// <summary>A report names one before it only where its destination has that one, or may have it.</summary>
public sealed class PredecessorTests
{
    private const string DeliveriesSql =
        "select d.state || ' ' || coalesce(d.sr_class, 'none') from delivery d join job using (job_id) order by series_revision";

    private static readonly SendOutcome s_refused =
        new SendOutcome.Failed("delivery.status", "C000", IsTransient: false) { Status = 0xC000 };

    private static readonly SendOutcome s_unanswered = new SendOutcome.Failed("delivery.timeout", "", IsTransient: true);

    /// <summary>The PACS has the first report alone, and that is what the images are again.</summary>
    [Fact]
    public async Task A_correction_that_the_PACS_refused_and_that_is_taken_back_makes_no_second_report()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, First, Scanner);
        world.Pacs.Answer = _ => s_refused;
        await ReportAsync(world, Named("Right^Name"), Archive);
        world.Pacs.Answer = _ => new SendOutcome.Stored();
        await ReportAsync(world, First, Archive);

        Assert.Equal("Test^Builder", Assert.Single(Received(world)).GetString(DicomTag.PatientName));
        Assert.Equal(["stored basic", "superseded none"], await world.QueryAsync<string>(DeliveriesSql));
        Assert.Empty(await world.QueryAsync<string>("select destination from destination_stop"));
        Assert.Empty(await new OperatorDeliveryStore(world.Get<Database>(), "operator").FailedAsync(CancellationToken.None));
    }

    /// <summary>It may be the newest there, and of a patient that does not count.</summary>
    [Fact]
    public async Task A_correction_that_may_have_arrived_and_is_taken_back_is_followed_by_a_report_that_names_it()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, First, Scanner);
        world.Pacs.Answer = _ => s_unanswered;
        await ReportAsync(world, Named("Right^Name"), Archive);
        var reports = await world.QueryAsync<string>("select sop_instance_uid from draft order by created_at");
        world.Pacs.Answer = _ => new SendOutcome.Stored();
        await ReportAsync(world, First, Archive);

        // the pause after the silence is over
        await world.HurryAsync();
        await world.DeliverAsync();
        Assert.Equal(["Test^Builder", "Test^Builder"], Received(world).Select(d => d.GetString(DicomTag.PatientName)));
        Assert.Equal([null, reports[1]], await PredecessorsAsync(world));
        await world.KeepReportsAsync();
        Assert.Equal(3, Directory.GetFiles(Path.Combine(world.Spool, "reports"), "*.dcm", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task A_second_correction_names_the_report_that_arrived_and_not_the_one_that_was_refused()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, First, Scanner);
        world.Pacs.Answer = _ => s_refused;
        await ReportAsync(world, Named("Wrong^Name"), Archive);
        world.Pacs.Answer = _ => new SendOutcome.Stored();
        await ReportAsync(world, Named("Right^Name"), Archive);

        Assert.Equal(["Test^Builder", "Right^Name"], Received(world).Select(d => d.GetString(DicomTag.PatientName)));
        Assert.Equal([null, Uid(world, 0)], await PredecessorsAsync(world));
    }

    [Fact]
    public async Task A_report_that_went_to_another_destination_is_not_named()
    {
        await using var world = await ServiceWorld.CreateAsync(
            s => s.Destinations.Add(new DestinationOptions { Name = "second", AeTitle = "SECOND", Host = "127.0.0.1" }));
        await ReportToAsync(world, To("pacs"), First, Scanner);
        await ReportToAsync(world, To("second"), Named("Wrong^Name"), Archive);
        Assert.Equal([null, null], await PredecessorsAsync(world));

        // one that either of them has is named to both
        await ReportToAsync(world, To("pacs", "second"), Named("Right^Name"), Archive);
        Assert.Equal([null, null, Uid(world, 1), Uid(world, 1)], await PredecessorsAsync(world));
    }

    private static CtSeriesBuilder Named(string name) => Edited(d => d.AddOrUpdate(DicomTag.PatientName, name));

    private static RouteOptions To(params string[] destinations) =>
        new() { Name = "r", When = EveryCt, PerStudy = "all", Destinations = [.. destinations] };

    private static async Task ReportToAsync(ServiceWorld world, RouteOptions route, CtSeriesBuilder series, string callingAe)
    {
        world.Get<RouteTable>().Replace(RouteSet.Create([route], world.Settings));
        await ReportAsync(world, series, callingAe);
        await world.DeliverAsync("second");
    }
}
