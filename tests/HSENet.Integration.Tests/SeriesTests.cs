using FellowOakDicom;
using HSENet.TestKit;
using HSENet.Worker.Ingest;

namespace HSENet.Integration.Tests;

public sealed class SeriesTests
{
    private const string JobsSql = "select state from job order by created_at";

    [Fact]
    public async Task A_series_stays_open_while_an_association_carries_it()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var sender = await world.ConnectAsync();
        var series = new CtSeriesBuilder();
        for (var slice = 0; slice < series.SliceCount; slice++)
            await sender.StoreAsync(series, slice);
        await world.SweepSeriesAsync();
        var before = await StateAsync(world);
        await sender.EndAsync();
        await world.SweepSeriesAsync();

        Assert.Equal("receiving", before);
        Assert.Equal("closed complete", await StateAsync(world));
        Assert.Equal("ready", Assert.Single(await world.QueryAsync<string>(JobsSql)));
    }

    [Fact]
    public async Task A_series_over_two_associations_is_one_series()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        var (first, second) = (await world.ConnectAsync(), await world.ConnectAsync());
        for (var slice = 0; slice < series.SliceCount; slice++)
            await (slice % 2 == 0 ? first : second).StoreAsync(series, slice);
        await first.EndAsync();
        await world.SweepSeriesAsync();
        var between = await StateAsync(world);
        await second.EndAsync();
        await world.SweepSeriesAsync();

        Assert.Equal("receiving", between);
        Assert.Equal("closed complete", await StateAsync(world));
    }

    [Fact]
    public async Task The_deadline_closes_a_series_as_partial_and_its_report_says_so()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Series.Deadline = TimeSpan.Zero);
        var sender = await world.ConnectAsync();
        var series = new CtSeriesBuilder();
        for (var slice = 0; slice < series.SliceCount; slice++)
            await sender.StoreAsync(series, slice);
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();

        Assert.Equal("closed partial", await StateAsync(world));
        var document = Assert.Single(await world.QueryAsync<byte[]>("select document from draft"));
        var report = await DicomFile.OpenAsync(new MemoryStream(document));
        Assert.Equal("PARTIAL", report.Dataset.GetSingleValue<string>(DicomTag.CompletionFlag));
    }

    [Fact]
    public async Task An_association_that_ends_while_the_database_is_away_keeps_no_series_open()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var sender = await world.ConnectAsync();
        var series = new CtSeriesBuilder();
        for (var slice = 0; slice < series.SliceCount; slice++)
            await sender.StoreAsync(series, slice);
        await world.Database.ExecuteAsync("alter table association rename to away");
        await sender.EndAsync();
        await world.Database.ExecuteAsync("alter table away rename to association");
        await world.SweepSeriesAsync();
        var before = await StateAsync(world);
        await world.Get<EndedAssociations>().SweepAsync(CancellationToken.None);
        await world.SweepSeriesAsync();

        Assert.Equal("receiving", before);
        Assert.Equal("closed complete", await StateAsync(world));
        Assert.Equal("released 12", Assert.Single(await world.QueryAsync<string>("select ending || ' ' || stored_count from association")));
    }

    [Fact]
    public async Task An_identical_resend_after_the_report_makes_no_new_job()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        await world.PushAsync(series);
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.PushAsync(series);
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();

        Assert.Equal("drafted", Assert.Single(await world.QueryAsync<string>(JobsSql)));
        Assert.Equal(1, Assert.Single(await world.QueryAsync<int>("select revision from series")));
    }

    [Fact]
    public async Task A_late_instance_makes_a_new_job_whose_report_names_the_earlier_one()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder { SliceCount = 13 };
        await world.PushAsync(new CtSeriesBuilder { SliceCount = 13, Edit = series.Edit } with { SliceCount = 12 });
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        var sender = await world.ConnectAsync();
        await sender.StoreAsync(LastSliceAfter(12), 12);
        await sender.EndAsync();
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();

        var documents = await world.QueryAsync<byte[]>("select document from draft order by created_at");
        Assert.Equal(2, documents.Count);
        var (first, second) = (await OpenAsync(documents[0]), await OpenAsync(documents[1]));
        Assert.Equal(
            first.Dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID),
            second.Dataset.GetSequence(DicomTag.PredecessorDocumentsSequence).Items[0]
                .GetSequence(DicomTag.ReferencedSeriesSequence).Items[0]
                .GetSequence(DicomTag.ReferencedSOPSequence).Items[0].GetSingleValue<string>(DicomTag.ReferencedSOPInstanceUID));
        Assert.NotEqual(
            first.Dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID), second.Dataset.GetSingleValue<string>(DicomTag.SOPInstanceUID));
        Assert.Equal([12, 13], await world.QueryAsync<int>("select (manifest->'input'->>'slices')::int from draft order by created_at"));
        Assert.Contains("series.reopened", await world.AuditAsync());
    }

    [Fact]
    public async Task A_new_job_waits_for_the_earlier_one_of_its_series()
    {
        // with one report for each study the earlier one, not begun, would be cancelled
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(RoutingWorld.Route("every", perStudy: "all")));
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        var sender = await world.ConnectAsync();
        await sender.StoreAsync(LastSliceAfter(12), 12);
        await sender.EndAsync();
        await world.SweepSeriesAsync();

        await world.RunJobsAsync();
        Assert.Equal(["drafted", "ready"], await world.QueryAsync<string>(JobsSql));
        Assert.Equal([12], await world.QueryAsync<int>("select (manifest->'input'->>'slices')::int from draft"));
        await world.RunJobsAsync();
        Assert.Equal(["drafted", "drafted"], await world.QueryAsync<string>(JobsSql));
    }

    [Theory]
    [InlineData("MR", "series.not-ct")]
    [InlineData("CT", "series.too-few-slices")]
    public async Task A_series_that_is_not_to_be_reported_on_is_refused_with_its_reason(string modality, string code)
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder
        {
            SliceCount = modality == "CT" ? 2 : 12,
            Edit = (_, d) => d.AddOrUpdate(DicomTag.Modality, modality),
        };
        await world.PushAsync(series);
        await world.SweepSeriesAsync();

        Assert.Equal(code, Assert.Single(await world.QueryAsync<string>("select refusal_code from series where state = 'refused'")));
        Assert.Empty(await world.QueryAsync<string>(JobsSql));
        Assert.Equal($"series.refused {code}", (await world.AuditAsync())[^1]);
    }

    [Fact]
    public async Task A_refused_series_that_gets_its_missing_slice_is_judged_again()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        var sender = await world.ConnectAsync();
        foreach (var slice in Enumerable.Range(0, series.SliceCount).Where(s => s != 5))
            await sender.StoreAsync(series, slice);
        await sender.EndAsync();
        await world.SweepSeriesAsync();
        var first = Assert.Single(await world.QueryAsync<string>("select refusal_code from series"));
        var late = await world.ConnectAsync();
        await late.StoreAsync(series, 5);
        await late.EndAsync();
        await world.SweepSeriesAsync();

        Assert.Equal("geometry.gap", first);
        Assert.Equal("closed complete", await StateAsync(world));
        Assert.Single(await world.QueryAsync<string>(JobsSql));
    }

    /// <summary>A slice that continues the default series of twelve above its head end.</summary>
    internal static CtSeriesBuilder LastSliceAfter(int count)
    {
        var template = new CtSeriesBuilder();
        var z = template.DataSet(count - 1).GetValue<decimal>(DicomTag.ImagePositionPatient, 2);
        var step = z - template.DataSet(count - 2).GetValue<decimal>(DicomTag.ImagePositionPatient, 2);
        var position = template.DataSet(0).GetValues<string>(DicomTag.ImagePositionPatient);
        return template with
        {
            Edit = (_, d) => d.AddOrUpdate(DicomTag.ImagePositionPatient, position[0], position[1], (z + step).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        };
    }

    private static async Task<string> StateAsync(ServiceWorld world) =>
        Assert.Single(await world.QueryAsync<string>("select state || coalesce(' ' || completeness, '') from series"));

    private static Task<DicomFile> OpenAsync(byte[] document) => DicomFile.OpenAsync(new MemoryStream(document));
}
