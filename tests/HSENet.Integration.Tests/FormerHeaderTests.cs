using FellowOakDicom;
using HSENet.TestKit;
using static HSENet.Integration.Tests.CorrectionWorld;

namespace HSENet.Integration.Tests;

/// <summary>Headers that were replaced and come again: whose counts, and what becomes of them after the images were deleted.</summary>
public sealed class FormerHeaderTests
{
    private const string Proxy = "PROXY";
    private const string SeriesSql = "select state || ' ' || coalesce(refusal_code, '') from series";

    private static readonly CtSeriesBuilder s_first = First;

    private static readonly CtSeriesBuilder s_corrected = Edited(Correct);

    [Fact]
    public async Task Who_sends_a_header_that_matters_to_no_report_does_not_decide_whose_return_counts()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, s_first, Scanner);
        await ReportAsync(world, s_corrected, Archive);
        await ReportAsync(world, Edited(d => Retrieved(d, Correct)), Proxy);

        await ReportAsync(world, s_first, Proxy);
        Assert.Equal(["Test^Builder", "Right^Name"], Names(world));

        await ReportAsync(world, s_first, Archive);
        Assert.Equal(["Test^Builder", "Right^Name", "Test^Builder"], Names(world));
    }

    [Fact]
    public async Task Images_that_were_never_corrected_in_what_matters_count_after_they_were_deleted()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, s_first, Scanner);
        await PushAsync(world, Edited(d => Retrieved(d)), Archive);
        await FinishAsync(world);
        await AgeAsync(world);
        await ReportAsync(world, s_first, Scanner);

        Assert.Equal(["closed "], await world.QueryAsync<string>(SeriesSql));
        Assert.Single(world.Pacs.Received);
        Assert.Equal([0], await world.QueryAsync<int>("select header_returns from series"));
    }

    /// <summary>The first header was replaced by one that says the same to a report, and only that one by the correction.</summary>
    [Fact]
    public async Task A_header_before_the_one_that_was_corrected_does_not_count_either_after_the_images_were_deleted()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, s_first, Scanner);
        await ReportAsync(world, Edited(d => Retrieved(d)), Proxy);
        await ReportAsync(world, s_corrected, Archive);
        await AgeAsync(world);
        for (var round = 0; round < 2; round++)
        {
            await ReportAsync(world, s_first, Scanner);
            Assert.Equal(["refused identity.former"], await world.QueryAsync<string>(SeriesSql));
        }

        // what was refused and deleted again did not count meanwhile
        await AgeAsync(world);
        await ReportAsync(world, s_first, Scanner);
        Assert.Equal(["refused identity.former"], await world.QueryAsync<string>(SeriesSql));
        Assert.Equal(["Test^Builder", "Right^Name"], Names(world));
    }

    [Theory]
    [InlineData(Scanner)]
    [InlineData(Archive)]
    public async Task Former_images_that_were_refused_count_when_they_come_again_from_who_may_send_them(string again)
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, s_first, Scanner);
        await ReportAsync(world, s_corrected, Archive);
        await AgeAsync(world);
        await ReportAsync(world, s_first, Scanner);
        Assert.Equal(["refused identity.former"], await world.QueryAsync<string>(SeriesSql));

        if (again == Scanner)
            await world.Database.ExecuteAsync("delete from former_header");
        await ReportAsync(world, s_first, again);

        Assert.Equal(["closed "], await world.QueryAsync<string>(SeriesSql));
        Assert.Equal(["Test^Builder", "Right^Name", "Test^Builder"], Names(world));
        Assert.Equal(Uid(world, 1), (await PredecessorsAsync(world))[2]);
        Assert.Contains("series.reopened instance.header-returned", await world.AuditAsync());
    }

    [Fact]
    public async Task Where_all_come_by_one_title_former_images_that_were_refused_stay_refused()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Ingest.FormerHeader = "ignore");
        await ReportAsync(world, s_first, Archive);
        await ReportAsync(world, s_corrected, Archive);
        await AgeAsync(world);
        for (var round = 0; round < 2; round++)
        {
            await ReportAsync(world, s_first, Archive);
            Assert.Equal(["refused identity.former"], await world.QueryAsync<string>(SeriesSql));
        }
    }

    [Fact]
    public async Task A_former_header_from_another_title_counts_and_is_reported_when_an_operator_has_deleted_its_rows()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, s_first, Scanner);
        await ReportAsync(world, s_corrected, Archive);
        await world.Database.ExecuteAsync("delete from former_header");
        await ReportAsync(world, s_first, Scanner);

        Assert.Equal(["Test^Builder", "Right^Name", "Test^Builder"], Names(world));
        Assert.Equal(Uid(world, 1), (await PredecessorsAsync(world))[2]);
    }

    private static void Correct(DicomDataset d) => d.AddOrUpdate(DicomTag.PatientName, "Right^Name").AddOrUpdate(DicomTag.PatientID, "RIGHT");

    private static void Retrieved(DicomDataset d, Action<DicomDataset>? edit = null)
    {
        edit?.Invoke(d);
        d.Add(DicomTag.RetrieveAETitle, Proxy);
    }

    private static IEnumerable<string> Names(ServiceWorld world) => Received(world).Select(d => d.GetString(DicomTag.PatientName));
}
