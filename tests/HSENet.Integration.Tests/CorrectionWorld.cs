using FellowOakDicom;
using HSENet.TestKit;
using HSENet.Worker.Retention;
using static HSENet.Integration.Tests.RoutingWorld;

namespace HSENet.Integration.Tests;

/// <summary>A scanner that sends images, an archive that corrects them, and what the PACS got.</summary>
internal static class CorrectionWorld
{
    public const string Archive = "ARCHIVE";
    public const string Scanner = "CT1";

    public static CtSeriesBuilder First { get; } = new();

    public static CtSeriesBuilder Edited(Action<DicomDataset> edit) => First with { Edit = (_, d) => edit(d) };

    public static async Task StoreAsync(Sender sender, CtSeriesBuilder series)
    {
        for (var slice = 0; slice < series.SliceCount; slice++)
            Assert.Equal(0, (await sender.StoreAsync(series, slice)).Status);
    }

    public static async Task PushAsync(ServiceWorld world, CtSeriesBuilder series, string callingAe)
    {
        var sender = await world.ConnectAsync(callingAe);
        await StoreAsync(sender, series);
        await sender.EndAsync();
    }

    public static async Task ReportAsync(ServiceWorld world, CtSeriesBuilder series, string callingAe)
    {
        await PushAsync(world, series, callingAe);
        await FinishAsync(world);
    }

    public static async Task FinishAsync(ServiceWorld world)
    {
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();
    }

    /// <summary>Deletes what was received, as after the retention.</summary>
    public static async Task AgeAsync(ServiceWorld world)
    {
        await world.Database.ExecuteAsync("""
            update series set closed_at = closed_at - interval '8 days', last_instance_at = last_instance_at - interval '8 days';
            update job set ended_at = ended_at - interval '8 days'; update delivery set stored_at = stored_at - interval '8 days';
            """);
        Assert.Equal(1, (await world.Get<SpoolRetention>().RunAsync(CancellationToken.None)).SeriesCount);
    }

    public static List<DicomDataset> Received(ServiceWorld world) => [.. world.Pacs.Received.Select(r => DicomFile.Open(new MemoryStream(r.Document)).Dataset)];

    public static string Uid(ServiceWorld world, int index) => Received(world)[index].GetString(DicomTag.SOPInstanceUID);

    public static async Task<List<string?>> PredecessorsAsync(ServiceWorld world)
    {
        var predecessors = new List<string?>();
        foreach (var (_, document) in world.Pacs.Received)
            predecessors.Add(await PredecessorAsync(document));
        return predecessors;
    }
}
