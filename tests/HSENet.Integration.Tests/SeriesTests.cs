using FellowOakDicom;
using HSENet.Dicom.Receiving;
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
        Assert.Contains("series.closed series.deadline", await world.AuditAsync());
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
    public async Task A_sender_that_has_gone_on_to_another_series_has_ended_the_first()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var sender = await world.ConnectAsync();
        var (first, second) = (new CtSeriesBuilder(), new CtSeriesBuilder { Identity = "second" });
        for (var slice = 0; slice < first.SliceCount; slice++)
            await sender.StoreAsync(first, slice);
        await world.SweepSeriesAsync();
        var before = await StateAsync(world);
        await sender.StoreAsync(second, 0);
        await world.SweepSeriesAsync();

        Assert.Equal("receiving", before);
        Assert.Equal(["closed complete", "receiving -"], await world.QueryAsync<string>("select state || ' ' || coalesce(completeness, '-') from series order by 1"));

        // and it comes back to the first
        await sender.StoreAsync(LastSliceAfter(12), 12);
        await world.SweepSeriesAsync();
        Assert.Equal(["receiving", "refused"], await world.QueryAsync<string>("select state from series order by created_at"));
    }

    [Theory]
    [InlineData(AssociationEnd.Aborted, "association.aborted")]
    [InlineData(AssociationEnd.ConnectionLost, "association.connection-lost")]
    [InlineData(AssociationEnd.TimedOut, "association.timed-out")]
    [InlineData(null, "association.host-stopped")]
    public async Task What_broke_off_waits_for_its_resend_and_is_partial_with_the_reason_without_one(AssociationEnd? end, string reason)
    {
        await using var world = await ServiceWorld.CreateAsync();
        var sender = await world.ConnectAsync();
        foreach (var series in (CtSeriesBuilder[])[new(), new() { Identity = "resent" }])
        {
            for (var slice = 0; slice < 9; slice++)
                await sender.StoreAsync(series, slice);
        }

        if (end is { } told)
            await sender.EndAsync(told);
        else
            await world.RestartAsync();
        await world.SweepSeriesAsync();
        Assert.Equal(["receiving", "receiving"], await world.QueryAsync<string>("select state from series"));

        await world.PushAsync(new CtSeriesBuilder { Identity = "resent" });
        await world.SweepSeriesAsync();
        world.Settings.Series.Deadline = TimeSpan.Zero;
        await world.SweepSeriesAsync();

        Assert.Equal(["complete - 12", $"partial {reason} 9"], await world.QueryAsync<string>(
            "select completeness || ' ' || coalesce(partial_reason, '-') || ' ' || instance_count from series order by 1"));
        Assert.Equal(["-", reason], await world.QueryAsync<string>("select coalesce(partial_reason, '-') from job where is_partial = (partial_reason is not null) order by 1"));
    }

    /// <summary>As after a restart of the gateway in the middle of a transfer: the sender goes on with the image that it had not begun.</summary>
    [Fact]
    public async Task What_this_service_broke_off_by_stopping_is_whole_once_the_sender_has_gone_on()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        await SendPartAsync(world, series, 0, 7, "CT1", AssociationEnd.Stopped);
        await SendPartAsync(world, series, 7, 12, "CT1", AssociationEnd.Released);
        await world.SweepSeriesAsync();

        Assert.Equal(["complete"], await world.QueryAsync<string>("select completeness from series"));
    }

    /// <summary>Its sender had stored nothing of the series; what it was cut off in came another way.</summary>
    [Fact]
    public async Task An_association_that_was_cut_off_in_an_instance_that_is_here_says_nothing()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        using var stream = new MemoryStream();
        await new DicomFile(series.DataSet(11)).SaveAsync(stream);
        await SendPartAsync(world, series, 0, 6, "CT1", AssociationEnd.Released);
        var cut = await world.ConnectAsync("PACS2");
        await cut.AbandonAsync(stream.ToArray()[..1500], series.SliceUid(11));
        await cut.EndAsync(AssociationEnd.Aborted);
        Assert.Equal([series.SliceUid(11)], await world.QueryAsync<string>("select sop_instance_uid from unstored_instance where series_key is not null"));
        await SendPartAsync(world, series, 6, 12, "CT1", AssociationEnd.Released);
        await world.SweepSeriesAsync();

        Assert.Equal(["complete"], await world.QueryAsync<string>("select completeness from series"));
    }

    private static async Task SendPartAsync(ServiceWorld world, CtSeriesBuilder series, int from, int to, string sender, AssociationEnd end)
    {
        var association = await world.ConnectAsync(sender);
        for (var slice = from; slice < to; slice++)
            await association.StoreAsync(series, slice);
        await association.EndAsync(end);
    }

    [Theory] // the rest comes again: on the same association, on another one, or never
    [InlineData("same", "complete - 12")]
    [InlineData("other", "complete - 12")]
    [InlineData("never", "partial series.turned-away 9")]
    [InlineData("gone-on", "partial series.turned-away 9")]
    public async Task What_was_asked_to_come_back_is_waited_for(string resend, string end)
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        var sender = await world.ConnectAsync();
        for (var slice = 0; slice < 12; slice++)
        {
            world.Disk.Available = slice < 9 ? long.MaxValue : 1;
            Assert.Equal(slice < 9 ? 0 : 0xA700, (await sender.StoreAsync(series, slice)).Status);
        }

        world.Disk.Available = long.MaxValue;
        for (var slice = 9; resend == "same" && slice < 12; slice++)
            await sender.StoreAsync(series, slice);
        if (resend == "gone-on")
        {
            await sender.StoreAsync(new CtSeriesBuilder { Identity = "next" }, 0);
            await world.SweepSeriesAsync();
            Assert.Equal(["receiving", "receiving"], await world.QueryAsync<string>("select state from series"));
        }

        await sender.EndAsync();
        if (resend == "other")
        {
            await world.SweepSeriesAsync();
            Assert.Equal("receiving", await StateAsync(world));
            await world.PushAsync(series);
        }

        await world.SweepSeriesAsync();
        world.Settings.Series.Deadline = TimeSpan.Zero;
        await world.SweepSeriesAsync();
        Assert.Equal(end, (await world.QueryAsync<string>(
            "select completeness || ' ' || coalesce(partial_reason, '-') || ' ' || instance_count from series order by created_at"))[0]);
    }

    [Fact]
    public async Task A_silent_peer_is_gone_since_it_was_last_heard_of_and_what_came_after_that_is_its_resend()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var silent = await world.ConnectAsync();
        for (var slice = 0; slice < 6; slice++)
            await silent.StoreAsync(new CtSeriesBuilder(), slice);
        var resend = await world.ConnectAsync();
        for (var slice = 5; slice < 12; slice++)
            await resend.StoreAsync(new CtSeriesBuilder(), slice);
        await resend.EndAsync();
        silent.Ending(TimeSpan.FromMinutes(2));
        await silent.EndAsync(AssociationEnd.TimedOut);
        await world.SweepSeriesAsync();

        Assert.Equal("closed complete", await StateAsync(world));
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
