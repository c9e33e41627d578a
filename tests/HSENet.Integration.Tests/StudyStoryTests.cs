using System.Text.Json;
using Dapper;
using FellowOakDicom;
using HSENet.Dicom.Receiving;
using HSENet.Dicom.Sending;
using HSENet.Model;
using HSENet.TestKit;
using HSENet.Worker.Inference;
using HSENet.Worker.Operating;
using Npgsql;

namespace HSENet.Integration.Tests;

/// <summary><c>studies show</c>: the one command for "why was nothing produced".</summary>
public sealed class StudyStoryTests
{
    [Fact]
    public async Task A_study_that_was_reported_on_is_told_from_association_to_delivery()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = Series("a", "ACC-7");
        await world.PushAsync(series);
        Assert.Contains("(series.unfinished)", (await ShowAsync(world, series.StudyUid)).Output, StringComparison.Ordinal);
        await world.SweepSeriesAsync();
        Assert.Contains("(job.unfinished)", (await ShowAsync(world, series.StudyUid)).Output, StringComparison.Ordinal);
        await world.RunJobsAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.unreachable", "connection refused", IsTransient: true);
        await world.DeliverAsync();
        Assert.Contains("waits to be sent to pacs: delivery.unreachable (report.waiting)", (await ShowAsync(world, "ACC-7")).Output, StringComparison.Ordinal);
        Assert.Matches(
            "\n    delivery to pacs: pending, attempt 1, next try [0-9-]{10}T[0-9:]{8}Z delivery\\.unreachable: connection refused\n", (await ShowAsync(world, "ACC-7")).Output);
        Assert.EndsWith(" not yet at pacs\n", (await RunAsync(world, "jobs", "list")).Output, StringComparison.Ordinal);
        world.Pacs.Answer = _ => new SendOutcome.Stored();
        await world.HurryAsync();
        await world.DeliverAsync();

        var byAccession = await ShowAsync(world, "ACC-7");
        var text = byAccession.Output;
        Assert.Equal((0, ""), (byAccession.Code, byAccession.Error));
        Assert.StartsWith($"study {series.StudyUid}, accession ACC-7\n  a report is at pacs (report.delivered)\nassociation of CT1 at 127.0.0.1, opened ", text, StringComparison.Ordinal);
        Assert.Contains($"  of this study: {series.SliceCount} stored, 0 known already, 0 in conflict", text, StringComparison.Ordinal);
        Assert.Contains($"\nseries {series.SeriesUid}, CT, {series.SliceCount} instances from CT1", text, StringComparison.Ordinal);
        Assert.Contains("\n  closed as complete ", text, StringComparison.Ordinal);
        Assert.Contains(": drafted, attempt 1", text, StringComparison.Ordinal);
        Assert.Contains("\n    report 2.25.", text, StringComparison.Ordinal);
        Assert.Contains("\n    delivery to pacs: stored, attempt 2", text, StringComparison.Ordinal);
        Assert.Contains(" delivery.retried by service delivery.unreachable", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Doe", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("PARTIAL", text, StringComparison.Ordinal);
        Assert.DoesNotContain("next try", text, StringComparison.Ordinal);
        Assert.DoesNotContain("not yet", (await RunAsync(world, "jobs", "list")).Output, StringComparison.Ordinal);
        foreach (var other in (string[])[series.StudyUid, series.StudyUid[^8..], series.SeriesUid])
        {
            Assert.Equal(text, (await ShowAsync(world, other)).Output);
        }

        var json = JsonDocument.Parse((await ShowAsync(world, "ACC-7", "--json")).Output).RootElement;
        Assert.Equal("report.delivered", json.GetProperty("outcome").GetProperty("code").GetString());
        Assert.Equal("CT1", json.GetProperty("associations")[0].GetProperty("calling_ae").GetString());
        var job = json.GetProperty("series")[0].GetProperty("jobs")[0];
        Assert.Equal(("drafted", "stored"), (job.GetProperty("job").GetProperty("state").GetString(), job.GetProperty("deliveries")[0].GetProperty("state").GetString()));
    }

    [Theory]
    [InlineData(FinishReason.Unfinished, false, "A sentence of the text breaks off.")]
    [InlineData(FinishReason.Stop, true, "The transfer was aborted; slices may be missing.")]
    public async Task A_report_that_is_partial_is_told_to_be_and_why(FinishReason finish, bool isPartialSeries, string why)
    {
        await using var world = await ServiceWorld.CreateAsync();
        world.Model.FinishReason = finish;
        var series = Series("partial", "ACC-6");
        await world.PushAsync(series);
        await world.SweepSeriesAsync();
        if (isPartialSeries)
        {
            await world.Database.ExecuteAsync("update job set is_partial = true, partial_reason = 'association.aborted'");
        }

        await world.RunJobsAsync();
        await world.DeliverAsync();

        var story = (await ShowAsync(world, "ACC-6")).Output;
        Assert.Contains("\n  a report marked PARTIAL is at pacs (report.delivered)\n", story, StringComparison.Ordinal);
        Assert.Matches($"\n    report 2\\.25\\.[0-9]+, PARTIAL: {why}\n", story);
        var jobId = Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
        Assert.Matches($"\n  report 2\\.25\\.[0-9]+, PARTIAL: {why}\n", (await RunAsync(world, "jobs", "show", $"{jobId}")).Output);
        Assert.EndsWith(" partial\n", (await RunAsync(world, "jobs", "list")).Output, StringComparison.Ordinal);
        var json = JsonDocument.Parse((await RunAsync(world, "jobs", "list", "--json")).Output).RootElement;
        Assert.Equal((why, $"{finish}"), (json.GetProperty("partial_reason").GetString(), json.GetProperty("finish_reason").GetString()));
    }

    [Fact]
    public async Task A_study_of_which_nothing_was_produced_says_why()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var few = Series("few", null) with { SliceCount = 2 };
        await world.PushAsync(few);
        var failed = Series("failed", null);
        await world.PushAsync(failed);
        await world.SweepSeriesAsync();
        var jobId = Assert.Single(await world.QueryAsync<Guid>("select job_id from job"));
        var claim = await world.Get<JobStore>().TryClaimAsync(jobId, "me", CancellationToken.None);
        Assert.True(await world.Get<JobStore>().TryFailAsync(claim!, "pixels.compressed", "cannot be read", isRefusal: false, CancellationToken.None));

        var refused = await ShowAsync(world, few.StudyUid);
        Assert.Contains("nothing was produced: the series was refused: series.", refused.Output, StringComparison.Ordinal);
        Assert.Contains("(series.none)\n", refused.Output, StringComparison.Ordinal);
        Assert.Contains(" is failed: pixels.compressed: cannot be read (job.ended)", (await ShowAsync(world, failed.StudyUid)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_studies_with_one_accession_number_are_both_shown_and_a_part_of_two_is_refused()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var (one, other) = (Series("one", "ACC-8"), Series("other", "ACC-8"));
        await world.PushAsync(one);
        await world.PushAsync(other);
        var both = await ShowAsync(world, "ACC-8");
        Assert.All((string[])[one.StudyUid, other.StudyUid], uid => Assert.Contains($"study {uid}, accession ACC-8\n", both.Output, StringComparison.Ordinal));

        await world.Database.ExecuteAsync("update series set study_uid = '1.2.840.1.' || study_uid");
        var part = await ShowAsync(world, "1.2.840.1.2.25.");
        Assert.Equal(1, part.Code);
        Assert.StartsWith("error study.ambiguous: 1.2.840.1.2.25. is a part of 2 studies: 1.2.840.1.", part.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_study_is_told_with_the_associations_that_were_refused_lately()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var nothing = await ShowAsync(world, "ACC-9");
        Assert.Equal((1, "", "error study.unknown: no image of a study ACC-9 has come; no association and no image was refused in the last 7 days\n"), nothing);
        Assert.Equal("error study.unknown: no study has the number 1.2.8; a part of a UID must have 6 characters or more\n", (await ShowAsync(world, "1.2.8")).Error);
        await world.Database.ExecuteAsync("""
            insert into audit.event(event, action, outcome, actor, reason, details) values
                ('association.contexts', 'E', 4, 'ae:CT8', 'association.contexts', '{"called":"HSENET","host":"10.0.0.8","count":2}'),
                ('association.refused', 'E', 8, 'ae:CT9', 'association.calling-ae', '{"called":"HSENET","host":"10.0.0.9"}'),
                ('association.refused', 'E', 8, 'ae:CT9', 'association.calling-ae', '{"called":"HSENET","host":"10.0.0.9","count":11}')
            """);
        var refused = await ShowAsync(world, "1.2.3.4.5.6");
        Assert.Equal(1, refused.Code);
        Assert.StartsWith("error study.unknown: no image of a study 1.2.3.4.5.6 has come; it may be of what was refused lately", refused.Error, StringComparison.Ordinal);
        Assert.Contains("refused association.calling-ae (title or address is not in Dicom:Sources): 12 associations of CT9 at 10.0.0.9 to HSENET, last ", refused.Output, StringComparison.Ordinal);
        Assert.Contains(
            "refused association.contexts (none of the SOP classes or transfer syntaxes that it proposed is taken): 2 associations of CT8 at 10.0.0.8 to HSENET, last ",
            refused.Output,
            StringComparison.Ordinal);
        Assert.Contains("\"refused_association\":{\"actor\":\"ae:CT9\"", (await ShowAsync(world, "1.2.3.4.5.6", "--json")).Output, StringComparison.Ordinal);
    }

    /// <summary>All images of it were refused, so that there is no study to find; an association that brought others tells of its refused ones with their study.</summary>
    [Fact]
    public async Task An_unknown_study_is_told_with_the_images_that_were_refused_lately()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = Series("refused", null);
        var sender = await world.ConnectAsync();
        using var stream = new MemoryStream();
        new DicomFile(series.DataSet(0)).Save(stream);
        var reply = await sender.StoreAsync(stream.ToArray()[..^700], series.SliceUid(0));
        await sender.EndAsync();
        Assert.NotEqual(StoreReply.Success.Status, reply.Status);

        var shown = await ShowAsync(world, series.StudyUid);
        Assert.Equal(1, shown.Code);
        Assert.Contains("it may be of what was refused lately", shown.Error, StringComparison.Ordinal);
        Assert.Matches("refused [a-z.-]+: 1 image in 1 association of CT1 at 127.0.0.1 to HSENET, last .*, quarantine ", shown.Output);
    }

    /// <summary>Nothing was heard of such a caller but its address. Found by an index, however many other rows there are.</summary>
    [Fact]
    public async Task An_unknown_study_is_told_with_the_connections_that_were_closed_lately()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.Database.ExecuteAsync("""
            insert into audit.event(event, action, outcome, actor, reason, details) values
                ('connection.refused', 'E', 8, 'service', 'connection.address', '{"detail":"no source covers the address","host":"10.0.0.9","count":12}'),
                ('association.tls-failed', 'E', 8, 'service', 'tls.handshake', '{"detail":"no common version","host":"10.0.0.8","count":1}')
            """);
        var refused = await ShowAsync(world, "1.2.3.4.5.6");
        Assert.Contains("refused connection.address (no source covers the address): 12 connections from 10.0.0.9, last ", refused.Output, StringComparison.Ordinal);
        Assert.Contains("refused tls.handshake: 1 connection from 10.0.0.8, last ", refused.Output, StringComparison.Ordinal);

        await using var connection = new NpgsqlConnection(world.Database.OwnerConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync("set enable_seqscan = off");
        var plan = string.Join('\n', await connection.QueryAsync<string>($"explain {OperatorStudyStore.RefusedSql}"));
        var indexes = await connection.QueryAsync<string>("select inhrelid::regclass::text from pg_inherits where inhparent = 'audit.event_refused'::regclass");
        Assert.Contains(indexes, index => plan.Contains(index.Split('.')[^1], StringComparison.Ordinal)); // of a month
    }

    /// <summary>The first slice has none, as after a correction that reached some of them only.</summary>
    [Fact]
    public async Task A_study_is_found_by_the_accession_number_that_its_report_bears()
    {
        await using var world = await ServiceWorld.CreateAsync();
        string[] orders = ["", "FIRST", "FIRST", "SECOND"];
        await CorrectionWorld.ReportAsync(
            world,
            CorrectionWorld.First with { Edit = (slice, d) => d.AddOrUpdate(DicomTag.AccessionNumber, orders[Math.Min(slice, 3)]) },
            CorrectionWorld.Scanner);
        Assert.Equal("SECOND", Assert.Single(CorrectionWorld.Received(world)).GetString(DicomTag.AccessionNumber));

        var shown = await ShowAsync(world, "SECOND");
        Assert.Equal((0, ""), (shown.Code, shown.Error));
        Assert.Contains(", accession SECOND\n", shown.Output, StringComparison.Ordinal);
        Assert.Contains(" SECOND ", (await RunAsync(world, "jobs", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_happened_to_each_image_of_a_series_is_one_line()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var first = CorrectionWorld.First;
        var corrected = CorrectionWorld.Edited(d => d.AddOrUpdate(DicomTag.PatientID, "RIGHT"));
        await CorrectionWorld.ReportAsync(world, first, CorrectionWorld.Scanner);
        await CorrectionWorld.ReportAsync(world, corrected, CorrectionWorld.Archive);
        await CorrectionWorld.ReportAsync(world, first, CorrectionWorld.Archive);

        var lines = (await ShowAsync(world, first.StudyUid)).Output.Split('\n');
        Assert.Equal(2, lines.Count(l => l.Contains(" instance.header-changed by ae:ARCHIVE", StringComparison.Ordinal)));
        Assert.All(
            lines.Where(l => l.Contains(" instance.header-changed ", StringComparison.Ordinal)),
            l => Assert.Matches($", {first.SliceCount} images, last [0-9-]{{10}}T[0-9:]{{8}}Z$", l));
        Assert.Equal(3, lines.Count(l => l.Contains(" series.closed by service", StringComparison.Ordinal)));
        var series = JsonDocument.Parse((await ShowAsync(world, first.StudyUid, "--json")).Output).RootElement.GetProperty("series")[0];
        var counts = series.GetProperty("events").EnumerateArray()
            .Where(e => e.GetProperty("event").GetString() == "instance.header-changed").Select(e => e.GetProperty("count").GetInt32());
        Assert.Equal([first.SliceCount, first.SliceCount], counts);
    }

    private static CtSeriesBuilder Series(string identity, string? accession) => new()
    {
        Identity = identity,
        Edit = (_, dataSet) => dataSet.AddOrUpdate(DicomTag.AccessionNumber, accession ?? ""),
    };

    private static Task<(int Code, string Output, string Error)> ShowAsync(ServiceWorld world, params string[] arguments) =>
        RunAsync(world, ["studies", "show", .. arguments]);

    private static async Task<(int Code, string Output, string Error)> RunAsync(ServiceWorld world, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Worker.Commands.CommandLine.RunAsync(
            [.. arguments, $"--HSENet:Database:ConnectionString={world.Settings.Database.ConnectionString}"], output, error);
        return (code, output.ToString(), error.ToString());
    }
}
