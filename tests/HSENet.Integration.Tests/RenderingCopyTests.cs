using System.Security.Cryptography;
using System.Text;
using FellowOakDicom;
using HSENet.Dicom.Sending;
using HSENet.TestKit;
using HSENet.Worker.Reporting;
using static HSENet.Integration.Tests.CorrectionWorld;
using static HSENet.Integration.Tests.RoutingWorld;

namespace HSENet.Integration.Tests;

/// <summary>A report that its PACS takes as Enhanced SR: the spool keeps what was sent, and under its UID nothing else is ever sent.</summary>
public sealed class RenderingCopyTests
{
    private const string Enhanced = "1.2.840.10008.5.1.4.1.1.88.22";

    [Fact]
    public async Task The_spool_has_the_bytes_before_they_are_sent()
    {
        await using var world = await CreateAsync();
        byte[]? copy = null;
        world.Pacs.Meanwhile = async () => copy = await File.ReadAllBytesAsync(Copy(world));
        await ReportAsync(world, First, Scanner);

        Assert.Equal(Assert.Single(world.Pacs.Received).Document, copy);
        Assert.Equal(Enhanced, Received(world)[0].GetString(DicomTag.SOPClassUID));
    }

    /// <summary>Made by a version of this program that writes other bytes.</summary>
    [Theory]
    [InlineData("lost")]
    [InlineData("restored")]
    public async Task What_was_sent_is_sent_again_though_this_version_would_make_other_bytes(string database)
    {
        await using var world = await ReportedAsync();
        var sent = MadeOtherwise(await File.ReadAllBytesAsync(Copy(world)));
        await ReplaceAsync(world, sent);
        if (database == "lost")
            await world.NewDatabaseAsync();
        else
            await world.Database.ExecuteAsync(
                "delete from draft_rendering; update delivery set state = 'pending', sr_class = null, not_before = now()");
        await FinishAsync(world);

        Assert.Equal(Uid(world, 0), Uid(world, 1));
        Assert.Equal(sent, world.Pacs.Received[1].Document);
        Assert.Equal(1, world.Model.Calls);
    }

    [Fact]
    public async Task A_copy_that_cannot_be_read_is_as_good_as_gone()
    {
        await using var world = await ReportedAsync();
        var copy = Copy(world);
        var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(copy)));
        File.Delete(copy);
        Directory.CreateDirectory(copy);
        var (seriesKey, report) = Assert.Single(await world.QueryAsync<(Guid, string)>("select j.series_key, d.sop_instance_uid from job j join draft d using (job_id)"));

        Assert.Equal((null, digest), world.Get<KeptReports>().FindRendering(seriesKey, report, Uid(world, 0)));
    }

    [Fact]
    public async Task Where_the_copy_is_gone_the_same_bytes_are_made_again()
    {
        await using var world = await ReportedAsync();
        File.Delete(Copy(world));
        await world.NewDatabaseAsync();
        await FinishAsync(world);

        Assert.Equal(world.Pacs.Received[0].Document, world.Pacs.Received[1].Document);
        Assert.Equal(world.Pacs.Received[0].Document, await File.ReadAllBytesAsync(Copy(world)));
    }

    [Fact]
    public async Task Where_the_copy_is_gone_and_this_version_makes_other_bytes_they_are_another_object_that_names_the_first()
    {
        await using var world = await ReportedAsync();
        await ReplaceAsync(world, MadeOtherwise(await File.ReadAllBytesAsync(Copy(world))));
        File.Delete(Copy(world));
        for (var round = 0; round < 2; round++)
        {
            await world.NewDatabaseAsync();
            await FinishAsync(world);
        }

        Assert.NotEqual(Uid(world, 0), Uid(world, 1));
        Assert.Equal(Uid(world, 0), await PredecessorAsync(world.Pacs.Received[1].Document));
        Assert.Equal(
            Enhanced,
            Received(world)[1].GetSequence(DicomTag.PredecessorDocumentsSequence).Items[0].GetSequence(DicomTag.ReferencedSeriesSequence).Items[0]
                .GetSequence(DicomTag.ReferencedSOPSequence).Items[0].GetString(DicomTag.ReferencedSOPClassUID));
        Assert.Equal(world.Pacs.Received[1].Document, world.Pacs.Received[2].Document);
        var file = Path.Combine(world.Settings.Data.Directory, "second.dcm");
        await File.WriteAllBytesAsync(file, world.Pacs.Received[1].Document);
        await Dciodvfy.IsCleanReportAsync(file);
    }

    [Fact]
    public async Task What_nobody_got_is_not_kept()
    {
        await using var world = await CreateAsync();
        world.Pacs.Answer = _ => new SendOutcome.Failed("delivery.unreachable", "connection refused", IsTransient: true);
        await ReportAsync(world, First, Scanner);
        var first = Path.GetFileName(Copy(world));
        world.Pacs.Answer = _ => new SendOutcome.Stored();
        await ReportAsync(world, Edited(d => d.AddOrUpdate(DicomTag.PatientName, "Right^Name")), Archive);
        await world.HurryAsync();
        await world.DeliverAsync();
        await world.KeepReportsAsync();

        Assert.Equal("Right^Name", Assert.Single(Received(world)).GetString(DicomTag.PatientName));
        Assert.Equal(world.Pacs.Received[0].Document, await File.ReadAllBytesAsync(Copy(world)));
        Assert.NotEqual(first, Path.GetFileName(Copy(world)));
        Assert.Single(Directory.GetFiles(Path.Combine(world.Spool, "reported"), "*.sha256", SearchOption.AllDirectories));
    }

    /// <summary>Sent by an earlier version, which kept the report as Basic Text SR only.</summary>
    [Fact]
    public async Task What_an_earlier_version_sent_gets_its_copy()
    {
        await using var world = await ReportedAsync();
        foreach (var file in Directory.GetFiles(world.Spool, "*.sha256", SearchOption.AllDirectories).Append(Copy(world)))
            File.Delete(file);
        await world.Database.ExecuteAsync(
            await File.ReadAllTextAsync(Repo.Path("Worker/Persistence/Migrations/0057_renderings_in_spool.sql")));
        await world.KeepReportsAsync();

        Assert.Equal(world.Pacs.Received[0].Document, await File.ReadAllBytesAsync(Copy(world)));
    }

    private static Task<ServiceWorld> CreateAsync() => ServiceWorld.CreateAsync(s => s.Destinations[0].SrClass = "enhanced");

    private static async Task<ServiceWorld> ReportedAsync()
    {
        var world = await CreateAsync();
        await ReportAsync(world, First, Scanner);
        await world.KeepReportsAsync();
        return world;
    }

    /// <summary>The one copy in another class.</summary>
    private static string Copy(ServiceWorld world) =>
        Assert.Single(Directory.GetFiles(Path.Combine(world.Spool, "reports"), "2.25.*.2.25.*.dcm", SearchOption.AllDirectories));

    /// <summary>The same document but for one letter.</summary>
    private static byte[] MadeOtherwise(byte[] document)
    {
        var at = document.AsSpan().LastIndexOf("HSENet"u8);
        document[at] = (byte)'h';
        return document;
    }

    /// <summary>As if these bytes had been sent.</summary>
    private static async Task ReplaceAsync(ServiceWorld world, byte[] document)
    {
        await File.WriteAllBytesAsync(Copy(world), document);
        foreach (var note in Directory.GetFiles(world.Spool, "*.sha256", SearchOption.AllDirectories))
            await File.WriteAllTextAsync(note, Convert.ToHexStringLower(SHA256.HashData(document)), Encoding.ASCII);
    }
}
