using FellowOakDicom;
using HSENet.TestKit;

namespace HSENet.Integration.Tests;

/// <summary>Two routes that one series matches, with real peers: DCMTK sends, and two of its storage servers receive.</summary>
public sealed class TwoRoutesTests
{
    [Fact]
    public async Task Each_route_of_a_series_has_its_own_report_at_its_own_destination()
    {
        await using var first = await StoreScpProcess.StartAsync("FIRST");
        await using var second = await StoreScpProcess.StartAsync("SECOND");
        await using var world = await HostWorld.StartAsync(
            null,
            "Destinations:0:Name=first", "Destinations:0:AeTitle=FIRST", "Destinations:0:Host=127.0.0.1", $"Destinations:0:Port={first.Port}",
            "Destinations:1:Name=second", "Destinations:1:AeTitle=SECOND", "Destinations:1:Host=127.0.0.1", $"Destinations:1:Port={second.Port}",
            "Routes:0:Name=reading", "Routes:0:When=Modality == \"CT\"", "Routes:0:Destinations:0=first",
            "Routes:1:Name=research", "Routes:1:When=Modality == \"CT\"", "Routes:1:Destinations:0=second", "Routes:1:PerStudy=all");
        Assert.Equal(0, (await Dcmtk.StoreAsync(world.Ingest.Port, "HSENET", world.Series)).ExitCode);
        await first.WaitForFilesAsync(1, HostWorld.Deadline);
        await second.WaitForFilesAsync(1, HostWorld.Deadline);
        await world.UntilAsync("select string_agg(route || ' ' || destination || ' ' || d.state, ', ' order by route) from job join delivery d using (job_id)", "reading first stored, research second stored");

        // and the same series sent again changes nothing
        Assert.Equal(0, (await Dcmtk.StoreAsync(world.Ingest.Port, "HSENET", world.Series)).ExitCode);
        await world.UntilAsync("select count(*)::text from association where closed_at is not null", "2");
        var (one, other) = (Read(Assert.Single(first.Files())), Read(Assert.Single(second.Files())));
        Assert.NotEqual(one.GetString(DicomTag.SOPInstanceUID), other.GetString(DicomTag.SOPInstanceUID));
        Assert.NotEqual(one.GetString(DicomTag.SeriesInstanceUID), other.GetString(DicomTag.SeriesInstanceUID));
        Assert.Equal(
            (await world.QueryAsync<string>("select sop_instance_uid from draft join job using (job_id) order by route")),
            [one.GetString(DicomTag.SOPInstanceUID), other.GetString(DicomTag.SOPInstanceUID)]);
        Assert.All([one, other], r => Assert.False(r.Contains(DicomTag.PredecessorDocumentsSequence)));
    }

    private static DicomDataset Read(string file) => DicomFile.Open(file).Dataset;
}
