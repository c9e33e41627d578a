using FellowOakDicom;
using HSENet.Dicom.Sending;
using HSENet.TestKit;
using HSENet.Worker.Checks;
using HSENet.Worker.Configuration;
using HSENet.Worker.Delivery;

namespace HSENet.Integration.Tests;

/// <summary>Which SR class a PACS gets, with DCMTK's storescp as one that takes other classes than Basic Text SR.</summary>
public sealed class SrClassTests : IDisposable
{
    private const string Basic = "1.2.840.10008.5.1.4.1.1.88.11";
    private const string Enhanced = "1.2.840.10008.5.1.4.1.1.88.22";
    private const string Comprehensive = "1.2.840.10008.5.1.4.1.1.88.33";

    private readonly TempFolder _folder = new("sr-class");

    [Theory]
    [InlineData(Enhanced, Enhanced, "enhanced")]
    [InlineData(Comprehensive, Comprehensive, "comprehensive")]
    [InlineData(Enhanced + " " + Comprehensive, Enhanced, "enhanced")]
    [InlineData(Basic + " " + Enhanced, Basic, "basic")]
    public async Task A_PACS_gets_the_first_class_that_it_takes(string taken, string sent, string name)
    {
        await using var pacs = await StartAsync(taken);
        await using var world = await DraftedAsync(pacs.Port, "auto");
        await world.DeliverAsync();

        Assert.Equal($"stored 1 {name}", Assert.Single(await world.QueryAsync<string>("select state || ' ' || attempt || ' ' || sr_class from delivery")));
        var file = Assert.Single(await pacs.WaitForFilesAsync(1, HostWorld.Deadline));
        var document = (await DicomFile.OpenAsync(file)).Dataset;
        Assert.Equal(sent, document.GetString(DicomTag.SOPClassUID));
        Assert.Equal(
            document.GetString(DicomTag.SOPInstanceUID),
            Assert.Single(await world.QueryAsync<string>("select sop_instance_uid from audit.event where event = 'delivery.stored'")));
        await Dciodvfy.IsCleanReportAsync(file);

        // sent again it is the same object, byte for byte
        await world.Database.ExecuteAsync("update delivery set state = 'pending', not_before = now()");
        var before = await File.ReadAllBytesAsync(file);
        File.Delete(file);
        await world.DeliverAsync();
        Assert.Equal(before, await File.ReadAllBytesAsync(Assert.Single(await pacs.WaitForFilesAsync(1, HostWorld.Deadline))));
        Assert.Null(await CheckAsync(world));
    }

    [Fact]
    public async Task A_class_that_is_set_is_the_only_one_and_a_check_tells_that_it_is_refused()
    {
        await using var pacs = await StartAsync(Enhanced);
        await using var world = await DraftedAsync(pacs.Port, "comprehensive");
        await world.DeliverAsync();
        Assert.Equal("pending delivery.refused-context", Assert.Single(await world.QueryAsync<string>("select state || ' ' || error_code from delivery where sr_class is null")));
        Assert.Contains("delivery.refused-context", await CheckAsync(world), StringComparison.Ordinal);

        // the setting is mended
        world.Settings.Destinations[0].SrClass = "enhanced";
        await world.HurryAsync();
        await world.DeliverAsync();
        Assert.Equal("stored enhanced", Assert.Single(await world.QueryAsync<string>("select state || ' ' || sr_class from delivery")));
        Assert.Null(await CheckAsync(world));
    }

    /// <summary>The first attempt may have got through without its answer: it must not be two reports.</summary>
    [Fact]
    public async Task A_report_that_may_have_arrived_is_not_sent_in_another_class()
    {
        await using var pacs = await StartAsync(Enhanced);
        await using var world = await DraftedAsync(pacs.Port, "auto");
        await world.Database.ExecuteAsync("update delivery set attempt = 1, sr_class = 'basic'");
        await world.DeliverAsync();

        Assert.Equal("pending delivery.refused-context basic", Assert.Single(await world.QueryAsync<string>("select state || ' ' || error_code || ' ' || sr_class from delivery")));
        Assert.Empty(await world.QueryAsync<string>("select sr_class from draft_rendering"));
    }

    [Fact]
    public async Task An_outcome_that_is_not_known_settles_the_class_and_a_refusal_does_not()
    {
        SendOutcome answer = new SendOutcome.Failed("delivery.timeout", "", IsTransient: true);
        await using var world = await ServiceWorld.CreateAsync();
        world.Pacs.Answer = _ => answer;
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        foreach (var code in (string[])["delivery.unreachable", "delivery.rejected", "delivery.refused-context"])
        {
            answer = new SendOutcome.Failed(code, "", IsTransient: true);
            await world.HurryAsync();
            await world.DeliverAsync();
            Assert.Equal($"{code} none", Assert.Single(await world.QueryAsync<string>("select error_code || ' ' || coalesce(sr_class, 'none') from delivery")));
        }

        answer = new SendOutcome.Failed("delivery.aborted", "", IsTransient: true);
        await world.HurryAsync();
        await world.DeliverAsync();
        Assert.Equal("delivery.aborted basic", Assert.Single(await world.QueryAsync<string>("select error_code || ' ' || sr_class from delivery")));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string?> CheckAsync(ServiceWorld world) =>
        (await new DeploymentCheck(world.Disk, TimeProvider.System).RunAsync(() => world.Settings, isRunning: true, CancellationToken.None))
            .Single(r => r.Name == "destination pacs").Problem;

    private static async Task<ServiceWorld> DraftedAsync(int port, string srClass)
    {
        var world = await ServiceWorld.CreateAsync(
            s =>
            {
                s.Destinations[0].Port = port;
                s.Destinations[0].SrClass = srClass;
            },
            new StoreScuSender());
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        return world;
    }

    private async Task<StoreScpProcess> StartAsync(string classes)
    {
        var contexts = classes.Split(' ').Append("VerificationSOPClass").Select((c, i) => $"PresentationContext{i + 1} = {c}\\Uncompressed");
        var file = _folder.Path("storescp.cfg");
        await File.WriteAllTextAsync(file, string.Join('\n', (string[])
        [
            "[[TransferSyntaxes]]", "[Uncompressed]", "TransferSyntax1 = LittleEndianExplicit", "TransferSyntax2 = LittleEndianImplicit",
            "[[PresentationContexts]]", "[Taken]", .. contexts,
            "[[Profiles]]", "[Default]", "PresentationContexts = Taken", "",
        ]));
        return await StoreScpProcess.StartAsync("PACS", ["-xf", file, "Default"]);
    }
}
