using FellowOakDicom;
using HSENet.Dicom.Receiving;
using HSENet.Dicom.Sending;
using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Retention;
using static HSENet.Integration.Tests.CorrectionWorld;
using static HSENet.Integration.Tests.RoutingWorld;

namespace HSENet.Integration.Tests;

/// <summary>Images whose patient, order or study is corrected after they came: the report that is newest in the PACS is of the header that counts.</summary>
public sealed class CorrectionTests
{
    private static readonly CtSeriesBuilder s_first = First;

    private static readonly CtSeriesBuilder s_corrected =
        Edited(d => d.AddOrUpdate(DicomTag.PatientName, "Right^Name").AddOrUpdate(DicomTag.PatientID, "RIGHT"));

    [Theory]
    [InlineData("best")]
    [InlineData("all")]
    public async Task A_correction_that_its_sender_takes_back_after_it_was_reported_is_reported_as_the_newest(string perStudy)
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("r", perStudy: perStudy)));
        await ReportAsync(world, s_first, Scanner);
        await ReportAsync(world, s_corrected, Archive);
        await ReportAsync(world, s_first, Archive);
        await ReportAsync(world, s_first, Archive);

        Assert.Equal(["Test^Builder", "Right^Name", "Test^Builder"], Received(world).Select(d => d.GetString(DicomTag.PatientName)));
        Assert.Equal([null, Uid(world, 0), Uid(world, 1)], await PredecessorsAsync(world));
        Assert.Equal(["closed 3"], await world.QueryAsync<string>("select state || ' ' || revision from series"));
        Assert.Equal(12, (await world.AuditAsync()).Count(row => row == "instance.header-changed instance.header-returned"));
        Assert.Equal(2, (await world.AuditAsync()).Count(row => row == "identity.corrected identity.patient"));

        // and once more to and fro: each is the newest when it counts
        await ReportAsync(world, s_corrected, Archive);
        Assert.Equal(("Right^Name", Uid(world, 2)), (Received(world)[3].GetString(DicomTag.PatientName), (await PredecessorsAsync(world))[3]));
    }

    /// <summary>The spool has three reports of two contents. The database that is made anew knows nothing of their order, and what is in use is the newest one's.</summary>
    [Fact]
    public async Task What_was_taken_back_gets_no_other_report_when_the_database_is_lost_and_what_comes_then_is_the_newest()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, s_first, Scanner);
        await ReportAsync(world, s_corrected, Archive);
        await ReportAsync(world, s_first, Archive);
        await world.KeepReportsAsync();
        Assert.Equal(3, world.Pacs.Received.Count);
        await world.NewDatabaseAsync();
        await FinishAsync(world);
        Assert.Equal(4, world.Pacs.Received.Count);
        Assert.Equal(world.Pacs.Received[2].Document, world.Pacs.Received[3].Document);
        Assert.Equal(3, world.Model.Calls);

        await ReportAsync(world, s_corrected, Archive);
        Assert.Equal(("Right^Name", Uid(world, 2)), (Received(world)[4].GetString(DicomTag.PatientName), (await PredecessorsAsync(world))[4]));
        Assert.DoesNotContain(Uid(world, 4), new[] { Uid(world, 0), Uid(world, 1), Uid(world, 2) });
    }

    [Fact]
    public async Task Another_sender_that_repeats_the_former_header_changes_nothing_and_is_audited()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, s_first, Scanner);
        await ReportAsync(world, s_corrected, Archive);
        await ReportAsync(world, s_first, Scanner);

        Assert.Equal(["Test^Builder", "Right^Name"], Received(world).Select(d => d.GetString(DicomTag.PatientName)));
        Assert.Equal(["closed 2"], await world.QueryAsync<string>("select state || ' ' || revision from series"));
        Assert.Equal(12, (await world.AuditAsync()).Count(row => row == "instance.header-kept instance.header-former"));
    }

    [Fact]
    public async Task Where_all_come_by_one_title_a_setting_keeps_the_former_header_out()
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Ingest.FormerHeader = "ignore");
        await ReportAsync(world, s_first, Archive);
        await ReportAsync(world, s_corrected, Archive);
        await ReportAsync(world, s_first, Archive);

        Assert.Equal(["Test^Builder", "Right^Name"], Received(world).Select(d => d.GetString(DicomTag.PatientName)));
        Assert.Equal(12, (await world.AuditAsync()).Count(row => row == "instance.header-kept instance.header-former"));
    }

    [Fact]
    public async Task A_correction_that_is_taken_back_before_it_is_reported_makes_no_second_report()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, s_first, Scanner);
        await PushAsync(world, s_corrected, Archive);
        await world.SweepSeriesAsync();
        await ReportAsync(world, s_first, Archive);

        Assert.Equal("Test^Builder", Assert.Single(Received(world)).GetString(DicomTag.PatientName));
        Assert.Equal(["drafted", "cancelled"], await world.QueryAsync<string>("select state from job order by created_at"));
    }

    /// <summary>Two machines behind one title that disagree make no report without end.</summary>
    [Fact]
    public async Task A_sender_that_cannot_make_up_its_mind_is_not_followed_for_ever()
    {
        await using var world = await ServiceWorld.CreateAsync();
        for (var round = 0; round < 8; round++)
        {
            await ReportAsync(world, s_first, Archive);
            await ReportAsync(world, s_corrected, Archive);
        }

        Assert.Equal([5], await world.QueryAsync<int>("select header_returns from series"));
        Assert.Equal(7, world.Pacs.Received.Count);
        var counts = Assert.Single(await world.QueryAsync<byte[]>("select document from draft order by created_at desc limit 1"));
        Assert.Equal(
            (await DicomFile.OpenAsync(new MemoryStream(counts))).Dataset.GetString(DicomTag.PatientName),
            (await DicomFile.OpenAsync(Directory.GetFiles(Path.Combine(world.Spool, "series"), "*.dcm", SearchOption.AllDirectories)[0])).Dataset.GetString(DicomTag.PatientName));
    }

    [Fact]
    public async Task A_report_of_the_uncorrected_patient_that_still_waits_is_not_sent()
    {
        await using var world = await ServiceWorld.CreateAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.unreachable", "connection refused", IsTransient: true);
        await ReportAsync(world, s_first, Scanner);
        Assert.Equal(["pending"], await world.QueryAsync<string>("select state from delivery"));

        world.Pacs.Answer = _ => new SendOutcome.Stored();
        var sender = await world.ConnectAsync(Archive);
        for (var slice = 0; slice < 6; slice++)
            await sender.StoreAsync(s_corrected, slice);
        await world.HurryAsync();
        await world.DeliverAsync();
        Assert.Empty(world.Pacs.Received);
        for (var slice = 6; slice < 12; slice++)
            await sender.StoreAsync(s_corrected, slice);
        await sender.EndAsync();
        await FinishAsync(world);

        Assert.Equal("Right^Name", Assert.Single(Received(world)).GetString(DicomTag.PatientName));
        Assert.Null(Assert.Single(await PredecessorsAsync(world)));
        Assert.Equal(["superseded delivery.superseded", "stored "], await world.QueryAsync<string>(
            "select d.state || ' ' || coalesce(d.error_code, '') from delivery d join job using (job_id) order by series_revision"));
        Assert.Contains("delivery.cancelled delivery.superseded", await world.AuditAsync());
        await world.Database.ExecuteAsync("""
            update series set closed_at = closed_at - interval '8 days', last_instance_at = last_instance_at - interval '8 days';
            update job set ended_at = ended_at - interval '8 days'; update delivery set stored_at = stored_at - interval '8 days';
            """);
        Assert.Equal(1, (await world.Get<SpoolRetention>().RunAsync(CancellationToken.None)).SeriesCount);
    }

    /// <summary>Corrected and taken back while the PACS was away: the first report is again of what counts.</summary>
    [Fact]
    public async Task A_report_that_waits_is_sent_when_the_correction_was_taken_back_meanwhile()
    {
        await using var world = await ServiceWorld.CreateAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.unreachable", "connection refused", IsTransient: true);
        await ReportAsync(world, s_first, Scanner);
        await ReportAsync(world, s_corrected, Archive);
        await ReportAsync(world, s_first, Archive);
        world.Pacs.Answer = _ => new SendOutcome.Stored();
        await world.HurryAsync();
        await FinishAsync(world);

        Assert.Equal("Test^Builder", Received(world)[^1].GetString(DicomTag.PatientName));
        Assert.DoesNotContain("Right^Name", Received(world).Select(d => d.GetString(DicomTag.PatientName)));
    }

    [Fact]
    public async Task A_header_that_matters_to_no_report_and_breaks_off_makes_nothing_partial()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await PushAsync(world, s_first, Scanner);
        var sender = await world.ConnectAsync(Archive);
        for (var slice = 0; slice < 3; slice++)
            await sender.StoreAsync(Edited(d => d.Add(DicomTag.RetrieveAETitle, "ARCHIVE")), slice);
        await sender.EndAsync(AssociationEnd.Aborted);
        await world.SweepSeriesAsync();

        Assert.Equal(["closed complete"], await world.QueryAsync<string>("select state || ' ' || completeness from series"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_header_that_matters_to_no_report_ends_no_job_of_an_older_version(bool isReported)
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(Route("r", perStudy: "all")));
        await PushAsync(world, s_first, Scanner);
        await world.Database.ExecuteAsync("update instance set meaning = null, head_digest = null");
        await world.SweepSeriesAsync();
        if (isReported)
            await FinishAsync(world);
        await PushAsync(world, Edited(d => d.Add(DicomTag.RetrieveAETitle, "ARCHIVE")), Archive);
        await FinishAsync(world);

        Assert.Equal(["drafted"], await world.QueryAsync<string>("select state from job"));
        Assert.Single(world.Pacs.Received);
        Assert.Equal([true], await world.QueryAsync<bool>("select j.content_hash = s.content_hash from job j join series s using (series_key)"));

        // and what comes then with all of it is the same content still
        await world.Database.ExecuteAsync("update series set state = 'receiving'");
        await FinishAsync(world);
        Assert.Single(world.Pacs.Received);
    }

    [Fact]
    public async Task A_correction_of_the_order_that_reached_some_images_only_is_told_in_report_and_audit()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, s_first with { Edit = (slice, d) => d.AddOrUpdate(DicomTag.AccessionNumber, slice < 5 ? "FIRST" : "SECOND") }, Scanner);

        Assert.Equal("SECOND", Assert.Single(Received(world)).GetString(DicomTag.AccessionNumber));
        Assert.Contains(
            "ORDER UNSURE: Accession Number is not the same in all slices; the report carries that of 7 of 12.",
            Assert.Single(await world.QueryAsync<string>("select text from draft")), StringComparison.Ordinal);
        Assert.Equal(["study.accession"], await world.QueryAsync<string>("select details::jsonb->'notes'->>0 from audit.event where event = 'series.closed'"));
    }

    /// <summary>The corrected images are deleted, and the scanner repeats what it sent first: that was never reported, and must not be now as if it were the corrected one.</summary>
    [Fact]
    public async Task An_uncorrected_repetition_after_the_images_were_deleted_is_not_called_corrected()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await PushAsync(world, s_first, Scanner);
        await world.SweepSeriesAsync();
        await ReportAsync(world, s_corrected, Archive);
        await AgeAsync(world);
        await ReportAsync(world, s_first, Scanner);

        Assert.Equal("Right^Name", Assert.Single(Received(world)).GetString(DicomTag.PatientName));
        Assert.Equal(["refused identity.former"], await world.QueryAsync<string>("select state || ' ' || refusal_code from series"));
        Assert.Equal([0L], await world.QueryAsync<long>("select count(*) from former_header where content is not null and created_at < (select min(received_at) from instance)"));

        // the archive has the right ones
        await ReportAsync(world, s_corrected, Archive);
        Assert.Equal(["closed"], await world.QueryAsync<string>("select state from series"));
        Assert.Single(world.Pacs.Received);
    }

    [Fact]
    public async Task Corrected_images_that_come_again_after_they_were_deleted_are_those_that_were_reported()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world, s_first, Scanner);
        await ReportAsync(world, s_corrected, Archive);
        await AgeAsync(world);
        await ReportAsync(world, s_corrected, Archive);

        Assert.Equal(["closed"], await world.QueryAsync<string>("select state from series"));
        Assert.Equal(2, world.Pacs.Received.Count);
    }

    /// <summary>In the new database nobody knows that the thin series had not come whole.</summary>
    [Fact]
    public async Task The_one_report_of_a_study_stays_that_of_its_series_when_the_database_is_lost()
    {
        await using var world = await ServiceWorld.CreateAsync(s =>
        {
            s.Series.Deadline = TimeSpan.Zero;
            s.Routes.Add(Route("best"));
        });
        var whole = await world.ConnectAsync();
        await StoreAsync(whole, Series("thick"));
        await whole.EndAsync();
        var broken = await world.ConnectAsync("CT2");
        await StoreAsync(broken, Series("thin", 2));
        await broken.EndAsync(AssociationEnd.Aborted);
        await FinishAsync(world);
        Assert.Equal(["thick best drafted"], await world.JobsAsync());
        await world.KeepReportsAsync();
        await world.NewDatabaseAsync();
        await FinishAsync(world);

        Assert.Equal(["thick best drafted"], await world.JobsAsync());
        Assert.Equal(1, world.Model.Calls);
        Assert.Equal(world.Pacs.Received[0].Document, world.Pacs.Received[1].Document);
    }
}
