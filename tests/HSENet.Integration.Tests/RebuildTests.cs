using System.Security.Cryptography;
using FellowOakDicom;
using HSENet.Dicom.Reports;
using HSENet.TestKit;
using HSENet.Worker;
using HSENet.Worker.Configuration;

namespace HSENet.Integration.Tests;

/// <summary>The database is lost and made anew over the spool, or restored from an earlier state: the PACS sees each report once, under one UID, with one content.</summary>
public sealed class RebuildTests
{
    private const string IdentitySql = "select job_id || ' ' || sop_instance_uid || ' ' || encode(sha256(document), 'hex') from draft join job using (job_id) order by 1";
    private const string ReportsSql = "select sop_instance_uid from draft order by 1";

    [Fact]
    public async Task A_database_made_anew_over_the_spool_has_the_same_jobs_and_sends_the_same_bytes_without_computing()
    {
        await using var world = await ReportedAsync();
        var before = await world.QueryAsync<string>(IdentitySql);
        var deployment = await world.QueryAsync<Guid>("select deployment_id from installation");
        var sent = world.Pacs.Received.Select(r => r.Document).ToList();
        var calls = world.Model.Calls;
        await RebuildAsync(world);

        Assert.Equal(before, await world.QueryAsync<string>(IdentitySql));
        Assert.Equal(deployment, await world.QueryAsync<Guid>("select deployment_id from installation"));
        Assert.Equal(calls, world.Model.Calls);
        Assert.Equal(2, world.Pacs.Received.Count);
        Assert.Equal(sent[0], world.Pacs.Received[1].Document);
        Assert.Contains("job.drafted report.kept", await world.AuditAsync());
        Assert.Equal("stand-in research", Assert.Single(await world.QueryAsync<string>("select (manifest->'model'->>'name') || ' ' || model_purpose from draft")));
    }

    /// <summary>In that time the model was replaced, or a gateway got another one: what was reported stays as it was reported.</summary>
    [Fact]
    public async Task Another_model_does_not_report_again_what_was_reported()
    {
        await using var world = await ReportedAsync();
        var before = await world.QueryAsync<string>(ReportsSql);
        world.Model.Identity = world.Model.Identity with { Name = "other", Digest = new string('b', 64) };
        await RebuildAsync(world);

        Assert.Equal(before, await world.QueryAsync<string>(ReportsSql));
        Assert.Equal(new string('a', 64), Assert.Single(await world.QueryAsync<string>("select model_digest from job")));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("folder")]
    [InlineData("changed")]
    [InlineData("truncated")]
    public async Task Where_the_copy_is_gone_there_is_a_new_revision_that_says_so_and_names_the_one_before(string damage)
    {
        await using var world = await ReportedAsync();
        var before = Assert.Single(await world.QueryAsync<string>(ReportsSql));
        var copy = Assert.Single(Directory.GetFiles(Path.Combine(world.Spool, "reports"), "*.dcm", SearchOption.AllDirectories));
        switch (damage)
        {
            case "missing":
                File.Delete(copy);
                break;
            case "folder":
                Directory.Delete(Path.Combine(world.Spool, "reports"), recursive: true);
                break;
            case "changed":
                var bytes = await File.ReadAllBytesAsync(copy);
                bytes[^3] ^= 1;
                await File.WriteAllBytesAsync(copy, bytes);
                break;
            default:
                await using (var file = File.OpenWrite(copy))
                    file.SetLength(file.Length / 2);
                break;
        }

        await RebuildAsync(world);
        var after = Assert.Single(await world.QueryAsync<string>(ReportsSql));
        var report = Read(world.Pacs.Received[^1].Document);

        Assert.NotEqual(before, after);
        Assert.Equal(after, report.GetString(DicomTag.SOPInstanceUID));
        Assert.Equal(before, Predecessor(report));
        Assert.Contains(DraftReportDocument.ReplacesLostSentence, Assert.Single(await world.QueryAsync<string>("select text from draft")), StringComparison.Ordinal);
        Assert.Equal(2, world.Model.Calls);

        // the next time it is the new one that stands
        await RebuildAsync(world);
        Assert.Equal(after, Assert.Single(await world.QueryAsync<string>(ReportsSql)));
        Assert.Equal(2, world.Model.Calls);
    }

    /// <summary>The notes are gone as well: nothing is known of the report, but its UID is not used for other bytes.</summary>
    [Fact]
    public async Task Other_bytes_never_stand_under_a_UID_that_was_sent()
    {
        await using var world = await ReportedAsync();
        var before = Assert.Single(await world.QueryAsync<string>(ReportsSql));
        Directory.Delete(Path.Combine(world.Spool, "reports"), recursive: true);
        Directory.Delete(Path.Combine(world.Spool, "reported"), recursive: true);
        world.Model.Identity = world.Model.Identity with { Digest = new string('c', 64) };
        await RebuildAsync(world);

        Assert.NotEqual(before, Assert.Single(await world.QueryAsync<string>(ReportsSql)));
        Assert.Null(Predecessor(Read(world.Pacs.Received[^1].Document)));
    }

    /// <summary>The dump was taken before the job began: today's claim would give its report another time, and other bytes.</summary>
    [Fact]
    public async Task A_job_that_an_earlier_state_of_the_database_holds_as_ready_takes_the_report_that_was_sent()
    {
        await using var world = await ReportedAsync();
        var before = await world.QueryAsync<string>(IdentitySql);
        await world.Database.ExecuteAsync("""
            delete from delivery; delete from draft;
            update job set state = 'ready', attempt = 0, report_created_at = report_created_at - interval '1 hour', ended_at = null, model_digest = null;
            """);
        await world.RestartAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();

        Assert.Equal(before, await world.QueryAsync<string>(IdentitySql));
        Assert.Equal(world.Pacs.Received[0].Document, world.Pacs.Received[1].Document);
        Assert.Equal(1, world.Model.Calls);
    }

    [Fact]
    public async Task Two_routes_are_two_jobs_with_two_reports_before_and_after_and_a_shadow_is_rebuilt_too()
    {
        await using var world = await ServiceWorld.CreateAsync(s =>
        {
            s.Destinations.Add(new DestinationOptions { Name = "archive", AeTitle = "ARCHIVE", Host = "127.0.0.1" });
            s.Routes.Add(Route("first", "pacs"));
            s.Routes.Add(Route("second", "archive"));
            s.Routes.Add(new() { Name = "trial", When = "Modality == \"CT\"", Mode = "shadow", PerStudy = "all" });
        });
        await ReportAsync(world);
        await world.DeliverAsync("archive");
        var before = await world.QueryAsync<string>(IdentitySql);
        Assert.Equal(3, before.Count);
        Assert.Equal(3, (await world.QueryAsync<string>("select distinct sop_instance_uid from draft")).Count);
        var sent = world.Pacs.Received.ToList();
        await RebuildAsync(world);
        await world.DeliverAsync("archive");

        Assert.Equal(before, await world.QueryAsync<string>(IdentitySql));
        Assert.Equal(3, world.Model.Calls);
        Assert.Equal(["ARCHIVE", "PACS"], world.Pacs.Received.Select(r => r.CalledAe).Distinct().Order(StringComparer.Ordinal));
        Assert.All(
            world.Pacs.Received.GroupBy(r => r.CalledAe),
            got => Assert.Equal(sent.Single(s => s.CalledAe == got.Key).Document, Assert.Single(got.Select(g => Convert.ToHexString(g.Document)).Distinct().Select(Convert.FromHexString))));
    }

    /// <summary>Series of equal rank: the first that closed was chosen. In the new database they may close in any order.</summary>
    [Theory]
    [InlineData("b", "c")]
    [InlineData("c", "b")]
    public async Task The_one_report_of_a_study_stays_that_of_the_series_it_was_made_of(string first, string second)
    {
        await using var world = await ServiceWorld.CreateAsync(s => s.Routes.Add(new() { Name = "best", When = "Modality == \"CT\"" }));
        var series = new CtSeriesBuilder { Identity = first };
        await ReportAsync(world, series);
        await ReportAsync(world, new CtSeriesBuilder
        {
            Identity = second,
            Edit = (_, d) =>
            {
                d.AddOrUpdate(DicomTag.StudyInstanceUID, series.StudyUid);
                d.AddOrUpdate(DicomTag.PatientID, series.DataSet(0).GetString(DicomTag.PatientID));
            },
        });
        var before = Assert.Single(await world.QueryAsync<string>(ReportsSql));
        await RebuildAsync(world);

        Assert.Equal(before, Assert.Single(await world.QueryAsync<string>(ReportsSql)));
    }

    /// <summary>A slice came late: the second report names the first. Made anew there is only the whole, and its report is the one that was sent.</summary>
    [Fact]
    public async Task A_chain_of_revisions_ends_with_the_same_report()
    {
        await using var world = await ServiceWorld.CreateAsync();
        var series = new CtSeriesBuilder();
        var sender = await world.ConnectAsync();
        for (var slice = 0; slice < series.SliceCount - 1; slice++)
            await sender.StoreAsync(series, slice);
        await sender.EndAsync();
        await FinishAsync(world);
        await world.PushAsync(series);
        await FinishAsync(world);
        var last = world.Pacs.Received[^1].Document;
        Assert.NotNull(Predecessor(Read(last)));
        await RebuildAsync(world);

        Assert.Equal(Read(last).GetString(DicomTag.SOPInstanceUID), Assert.Single(await world.QueryAsync<string>(ReportsSql)));
        Assert.Equal(last, world.Pacs.Received[^1].Document);
    }

    /// <summary>The change came in the lost time and had no report yet: that of what went before is in the PACS, under another patient perhaps.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_has_changed_since_its_lost_report_names_it_and_says_whether_the_patient_did(bool isRenamed)
    {
        await using var world = await ReportedAsync();
        var before = Read(world.Pacs.Received[^1].Document).GetString(DicomTag.SOPInstanceUID);
        await world.PushAsync(new CtSeriesBuilder
        {
            Edit = (_, d) => d.AddOrUpdate(isRenamed ? DicomTag.PatientName : DicomTag.AccessionNumber, isRenamed ? "Right^Name" : "RIGHT"),
        });
        await RebuildAsync(world);
        var report = Read(world.Pacs.Received[^1].Document);
        var text = Assert.Single(await world.QueryAsync<string>("select text from draft"));

        Assert.Equal(before, Predecessor(report));
        Assert.Equal(isRenamed ? "Right^Name" : "RIGHT", report.GetString(isRenamed ? DicomTag.PatientName : DicomTag.AccessionNumber));
        Assert.Equal(isRenamed, text.Contains("IDENTITY CORRECTED", StringComparison.Ordinal));
        Assert.DoesNotContain(DraftReportDocument.ReplacesLostSentence, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spool_of_another_installation_is_refused_by_a_database_that_has_work()
    {
        await using var world = await ReportedAsync();
        await File.WriteAllTextAsync(Path.Combine(world.Spool, "deployment"), Guid.NewGuid().ToString("N"));
        var refused = await Assert.ThrowsAsync<WorkerException>(world.RestartAsync);
        await world.Database.ExecuteAsync("update installation set spool_id = null");
        var again = await Assert.ThrowsAsync<WorkerException>(world.RestartAsync);

        Assert.Equal(["spool.other", "spool.other"], [refused.Code, again.Code]);
    }

    /// <summary>A spool that was in use before it knew its installation.</summary>
    [Fact]
    public async Task A_spool_that_knows_no_installation_gets_that_of_its_database()
    {
        await using var world = await ReportedAsync();
        var deployment = Path.Combine(world.Spool, "deployment");
        var before = await File.ReadAllTextAsync(deployment);
        File.Delete(deployment);
        await world.RestartAsync();

        Assert.Equal(before, await File.ReadAllTextAsync(deployment));
        Assert.Equal(before, Assert.Single(await world.QueryAsync<Guid>("select deployment_id from installation")).ToString("N"));
    }

    /// <summary>Made by an earlier version: its job has a random id, and its report has no copy yet.</summary>
    [Fact]
    public async Task Reports_from_before_copies_were_kept_get_theirs_and_are_found_by_their_content()
    {
        await using var world = await ReportedAsync();
        Directory.Delete(Path.Combine(world.Spool, "reports"), recursive: true);
        Directory.Delete(Path.Combine(world.Spool, "reported"), recursive: true);
        await world.Database.ExecuteAsync("""
            alter table draft drop constraint draft_job_id_fkey; alter table delivery drop constraint delivery_job_id_fkey;
            alter table candidate drop constraint candidate_job_id_fkey;
            update job set job_id = '00000000-0000-4000-8000-000000000001';
            update draft set job_id = '00000000-0000-4000-8000-000000000001', spool_copy = 'due';
            update delivery set job_id = '00000000-0000-4000-8000-000000000001', state = 'pending';
            update candidate set job_id = '00000000-0000-4000-8000-000000000001';
            """);
        await world.DeliverAsync();
        var before = Assert.Single(await world.QueryAsync<string>(ReportsSql));
        await RebuildAsync(world);

        Assert.Equal(before, Assert.Single(await world.QueryAsync<string>(ReportsSql)));
        Assert.Equal(1, world.Model.Calls);
    }

    [Fact]
    public async Task A_report_is_not_sent_before_the_spool_has_its_copy()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await world.PushAsync(new CtSeriesBuilder());
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await File.WriteAllTextAsync(Path.Combine(world.Spool, "reports"), "no folder");
        await world.DeliverAsync();
        Assert.Empty(world.Pacs.Received);
        Assert.Equal(["pending spool.report"], await world.QueryAsync<string>("select state || ' ' || error_code from delivery"));

        File.Delete(Path.Combine(world.Spool, "reports"));
        await world.HurryAsync();
        await world.DeliverAsync();
        var copy = Assert.Single(Directory.GetFiles(Path.Combine(world.Spool, "reports"), "*.dcm", SearchOption.AllDirectories));
        Assert.Equal(SHA256.HashData(Assert.Single(world.Pacs.Received).Document), SHA256.HashData(await File.ReadAllBytesAsync(copy)));
    }

    internal static async Task<ServiceWorld> ReportedAsync()
    {
        var world = await ServiceWorld.CreateAsync();
        await ReportAsync(world);
        return world;
    }

    private static RouteOptions Route(string name, string destination) =>
        new() { Name = name, When = "Modality == \"CT\"", Destinations = [destination], PerStudy = "all" };

    private static async Task ReportAsync(ServiceWorld world, CtSeriesBuilder? series = null)
    {
        await world.PushAsync(series ?? new CtSeriesBuilder());
        await FinishAsync(world);
    }

    private static async Task FinishAsync(ServiceWorld world)
    {
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();
        await world.KeepReportsAsync();
    }

    /// <summary>A new, empty database over the same spool, and all that the service does then.</summary>
    private static async Task RebuildAsync(ServiceWorld world)
    {
        await world.NewDatabaseAsync();
        await FinishAsync(world);
    }

    private static DicomDataset Read(byte[] document)
    {
        using var stream = new MemoryStream(document);
        return DicomFile.Open(stream).Dataset;
    }

    private static string? Predecessor(DicomDataset report) =>
        report.TryGetSequence(DicomTag.PredecessorDocumentsSequence, out var studies)
            ? studies.Items[0].GetSequence(DicomTag.ReferencedSeriesSequence).Items[0].GetSequence(DicomTag.ReferencedSOPSequence).Items[0].GetString(DicomTag.ReferencedSOPInstanceUID)
            : null;
}
