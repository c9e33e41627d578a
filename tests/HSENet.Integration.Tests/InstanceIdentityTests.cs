using FellowOakDicom;
using FellowOakDicom.IO.Buffer;
using HSENet.Dicom.Files;
using HSENet.Dicom.Receiving;
using HSENet.TestKit;
using HSENet.Worker.Ingest;
using static HSENet.Integration.Tests.CorrectionWorld;

namespace HSENet.Integration.Tests;

/// <summary>Instances that come again: compared by what they say, not by their bytes.</summary>
public sealed class InstanceIdentityTests
{
    private static readonly CtSeriesBuilder s_series = new();

    private static readonly CtSeriesBuilder s_compressed =
        s_series with { TransferSyntax = DicomTransferSyntax.RLELossless, Edit = (_, dataSet) => Compress(dataSet) };

    private static readonly CtSeriesBuilder s_renamed = s_series with { Edit = (_, d) => d.AddOrUpdate(DicomTag.PatientName, "Right^Name") };

    [Fact]
    public async Task Another_encoding_is_a_success_and_nothing_more()
    {
        await using var world = await ReportedAsync();
        foreach (var syntax in (DicomTransferSyntax[])[DicomTransferSyntax.ImplicitVRLittleEndian, DicomTransferSyntax.DeflatedExplicitVRLittleEndian])
            await PushedAsync(world, s_series with { TransferSyntax = syntax });
        await PushedAsync(world, s_series with { Edit = (_, d) => d.AddOrUpdate(DicomTag.PatientName, "Test^Builder^^") });
        await ReportAsync(world);

        Assert.Equal(["drafted"], await world.QueryAsync<string>("select state from job"));
        Assert.Equal([1], await world.QueryAsync<int>("select revision from series"));
        Assert.Equal(s_series.SliceCount, Files(world, "series").Length);
        Assert.Empty(Files(world, "quarantine"));
        Assert.Equal([0L], await world.QueryAsync<long>("select count(*) from former_header"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_pixels_raw_and_compressed_without_loss_are_the_same_content(bool isRawFirst)
    {
        await using var world = await ReportedAsync(series: isRawFirst ? s_series : s_compressed);
        await PushedAsync(world, isRawFirst ? s_compressed : s_series);
        await ReportAsync(world);

        Assert.Equal(["drafted"], await world.QueryAsync<string>("select state from job"));
        Assert.Equal([1], await world.QueryAsync<int>("select revision from series"));
        Assert.Equal(s_series.SliceCount, Files(world, "series").Length);
        Assert.Empty(Files(world, "quarantine"));
        Assert.Equal([0L], await world.QueryAsync<long>("select count(*) from former_header"));
    }

    [Theory]
    [InlineData("0028,2110", "00")]
    [InlineData("0028,0301", "NO")]
    [InlineData("0028,1050", "-600")]
    public async Task A_compressed_copy_whose_header_says_no_more_makes_no_other_report_not_even_after_a_lost_database(string tag, string value)
    {
        await using var world = await ReportedAsync();
        await PushedAsync(world, s_series with
        {
            TransferSyntax = DicomTransferSyntax.RLELossless,
            Edit = (_, dataSet) =>
            {
                Compress(dataSet);
                dataSet.AddOrUpdate(DicomTag.Parse(tag), value);
            },
        });
        await ReportAsync(world);
        Assert.Equal(["closed 1"], await world.QueryAsync<string>("select state || ' ' || revision from series"));
        Assert.Equal(["1.2.840.10008.1.2.5"], await world.QueryAsync<string>("select distinct transfer_syntax_uid from instance"));
        var reports = await world.QueryAsync<string>("select sop_instance_uid from draft");
        Assert.Single(reports);

        // the rows are of the files now, and the files are compressed
        await world.KeepReportsAsync();
        await world.NewDatabaseAsync();
        await ReportAsync(world);
        Assert.Equal(reports, await world.QueryAsync<string>("select sop_instance_uid from draft"));
        Assert.Equal(1, world.Model.Calls);
    }

    [Fact]
    public async Task A_compressed_copy_with_another_patient_gets_a_report_of_its_own_after_a_lost_database()
    {
        await using var world = await ReportedAsync();
        var reports = await world.QueryAsync<string>("select sop_instance_uid from draft");
        await world.KeepReportsAsync();
        await PushedAsync(world, s_renamed with { TransferSyntax = DicomTransferSyntax.RLELossless, Edit = s_renamed.Edit + ((_, d) => Compress(d)) });
        await world.NewDatabaseAsync();
        await ReportAsync(world);
        Assert.NotEqual(reports, await world.QueryAsync<string>("select sop_instance_uid from draft"));
        Assert.Equal(2, world.Model.Calls);
    }

    [Fact]
    public async Task A_row_of_a_version_that_counted_other_attributes_makes_no_other_report_and_its_job_keeps_its_content()
    {
        await using var world = await ReportedAsync();
        await world.Database.ExecuteAsync("update instance set meaning = overlay(meaning placing sha256('other'::bytea) from 65)");
        await PushedAsync(world, s_series with { Edit = (_, d) => d.Add(DicomTag.RetrieveAETitle, "ARCHIVE") });
        await ReportAsync(world);
        Assert.Equal(["closed 1"], await world.QueryAsync<string>("select state || ' ' || revision from series"));
        const string IsKept = "select s.content_hash = j.content_hash from series s join job j using (series_key)";
        Assert.Equal([true], await world.QueryAsync<bool>(IsKept));
        Assert.Equal(1, world.Model.Calls);
    }

    /// <summary>An archive sends back what it has compressed, and nothing is left here to compare it with.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_compressed_copy_is_the_same_content_after_the_images_were_deleted(bool isDatabaseLostThen)
    {
        await using var world = await ReportedAsync();
        await AgeAsync(world);
        await PushedAsync(world, s_compressed);
        await ReportAsync(world);
        Assert.Equal(["drafted"], await world.QueryAsync<string>("select state from job"));
        Assert.Single(world.Pacs.Received);
        if (isDatabaseLostThen)
        {
            await world.KeepReportsAsync();
            await world.NewDatabaseAsync();
            await ReportAsync(world);
            Assert.Equal((1, 2), (world.Model.Calls, world.Pacs.Received.Count));
            Assert.Equal(world.Pacs.Received[0].Document, world.Pacs.Received[1].Document);
        }

        // the scanner has them raw
        await PushedAsync(world, s_series);
        await ReportAsync(world);
        Assert.Equal(["drafted"], await world.QueryAsync<string>("select state from job"));
        Assert.Empty(Files(world, "quarantine"));
    }

    [Fact]
    public async Task Other_pixels_that_come_compressed_after_the_images_were_deleted_are_another_content()
    {
        await using var world = await ReportedAsync();
        await AgeAsync(world);
        await PushedAsync(world, s_compressed with { EditPixels = (_, pixels) => [(byte)(pixels[0] ^ 1), .. pixels[1..]] });
        await ReportAsync(world);

        Assert.Equal(["drafted", "drafted"], await world.QueryAsync<string>("select state from job"));
        Assert.Equal(Uid(world, 0), (await PredecessorsAsync(world))[1]);
    }

    /// <summary>Retention takes them after their row was read.</summary>
    [Fact]
    public async Task A_compressed_copy_of_images_that_are_just_deleted_is_no_conflict()
    {
        await using var world = await ReportedAsync();
        var path = Path.Combine(world.Settings.Data.Directory, "copy.dcm");
        await new DicomFile(s_compressed.DataSet(0)).SaveAsync(path);
        var look = PartLook.At(path);
        var header = Assert.IsType<ScanResult.Sound>(look.Scan).Header;
        var series = StoredInstance.KeyOfSeries(header.StudyInstanceUid, header.SeriesInstanceUid);
        var known = await world.Get<InstanceLedger>().FindAsync(series, header.SopInstanceUid, CancellationToken.None);
        var instance = new StoredInstance
        {
            InstanceKey = Guid.NewGuid(), SeriesKey = series, AssociationId = null, SourceAe = Archive, Header = header,
            Digest = look.Digest, HeadDigest = look.HeadDigest, Meaning = look.Meaning, LengthBytes = new FileInfo(path).Length,
        };
        await AgeAsync(world);

        Assert.Null(await world.Get<InstanceMeeting>().MeetAsync(instance, known!, path, CancellationToken.None));
        Assert.True(File.Exists(path));
        Assert.Empty(Files(world, "quarantine"));
    }

    [Fact]
    public async Task Other_pixels_are_kept_apart_when_they_are_compressed()
    {
        await using var world = await ReportedAsync();
        var replies = await world.PushAsync(s_series with
        {
            TransferSyntax = DicomTransferSyntax.RLELossless,
            EditPixels = (_, pixels) => [(byte)(pixels[0] ^ 1), .. pixels[1..]],
            Edit = (_, dataSet) => Compress(dataSet),
        });

        Assert.All(replies, reply => Assert.NotEqual(0, reply.Status));
        Assert.Equal(s_series.SliceCount, Files(world, "quarantine").Length);
    }

    [Fact]
    public async Task What_an_archive_adds_is_taken_and_makes_no_other_report()
    {
        await using var world = await ReportedAsync();
        await PushedAsync(world, s_series with { Edit = (_, d) => d.Add(DicomTag.RetrieveAETitle, "ARCHIVE") });
        await ReportAsync(world);

        Assert.Equal(["drafted"], await world.QueryAsync<string>("select state from job"));
        Assert.Equal(["closed 1"], await world.QueryAsync<string>("select state || ' ' || revision from series"));
        Assert.Equal(s_series.SliceCount, Files(world, "series").Length);
        Assert.All(Files(world, "series"), file => Assert.Equal("ARCHIVE", DicomFile.Open(file).Dataset.GetString(DicomTag.RetrieveAETitle)));
        Assert.Equal([12L], await world.QueryAsync<long>("select count(*) from former_header where kind = 'former' and content is not null and length(content) < 1500"));
        Assert.Equal(12, (await world.AuditAsync()).Count(row => row == "instance.header-changed"));
        Assert.Empty(Files(world, "quarantine"));
        Assert.Equal([0L], await world.QueryAsync<long>("select count(*) from spool_removal r join instance i using (instance_key)"));
    }

    [Fact]
    public async Task A_corrected_name_makes_a_report_that_follows_the_first_and_says_so()
    {
        await using var world = await ReportedAsync();
        await PushedAsync(world, s_renamed, "ARCHIVE");
        await ReportAsync(world);
        await PushedAsync(world, s_series);         // the scanner sends what it has once more
        await PushedAsync(world, s_renamed, "ARCHIVE");
        await ReportAsync(world);

        Assert.Equal(["closed 2"], await world.QueryAsync<string>("select state || ' ' || revision from series"));
        var documents = await world.QueryAsync<byte[]>("select d.document from draft d join job using (job_id) order by series_revision");
        Assert.Equal(2, documents.Count);
        var (first, second) = (Open(documents[0]), Open(documents[1]));
        Assert.Equal(["Test^Builder", "Right^Name"], [first.GetString(DicomTag.PatientName), second.GetString(DicomTag.PatientName)]);
        var predecessor = second.GetSequence(DicomTag.PredecessorDocumentsSequence).Items[0].GetSequence(DicomTag.ReferencedSeriesSequence).Items[0]
            .GetSequence(DicomTag.ReferencedSOPSequence).Items[0];
        Assert.Equal(first.GetString(DicomTag.SOPInstanceUID), predecessor.GetString(DicomTag.ReferencedSOPInstanceUID));
        Assert.Equal([false, true], (await world.QueryAsync<string>("select d.text from draft d join job using (job_id) order by series_revision"))
            .Select(text => text.Contains("IDENTITY CORRECTED", StringComparison.Ordinal)));
        Assert.Empty(Files(world, "quarantine"));
        Assert.Equal([12L], await world.QueryAsync<long>("select count(*) from former_header"));
        var audit = await world.AuditAsync();
        Assert.Equal((12, 12, 0), (
            audit.Count(row => row == "instance.header-changed"), audit.Count(row => row == "instance.header-kept instance.header-former"),
            audit.Count(row => row.StartsWith("identity.corrected", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("0010,0020", "RIGHT")]
    [InlineData("0010,0030", "19700101")]
    public async Task Another_patient_ID_or_birth_date_is_an_event_of_its_own_once(string tag, string value)
    {
        await using var world = await ReportedAsync();
        await PushedAsync(world, s_series with { Edit = (_, d) => d.AddOrUpdate(DicomTag.Parse(tag), value) });
        await ReportAsync(world);

        Assert.Equal(["identity.corrected identity.patient"], (await world.AuditAsync()).Where(row => row.StartsWith("identity", StringComparison.Ordinal)));
        Assert.Equal(["drafted", "drafted"], await world.QueryAsync<string>("select state from job"));
    }

    [Fact]
    public async Task An_identity_that_is_corrected_after_the_name_in_one_revision_is_an_event_too()
    {
        await using var world = await ReportedAsync();
        await PushedAsync(world, s_renamed);
        await PushedAsync(world, s_series with { Edit = (_, d) => d.AddOrUpdate(DicomTag.PatientName, "Right^Name").AddOrUpdate(DicomTag.PatientID, "RIGHT") });
        await ReportAsync(world);

        Assert.Equal(["closed 2"], await world.QueryAsync<string>("select state || ' ' || revision from series"));
        Assert.Equal(["identity.corrected identity.patient"], (await world.AuditAsync()).Where(row => row.StartsWith("identity", StringComparison.Ordinal)));
    }

    /// <summary>Of the images that it did not come to the former headers are here still, and the series had been whole with those.</summary>
    [Fact]
    public async Task A_correction_that_breaks_off_is_waited_for()
    {
        await using var world = await ReportedAsync();
        var corrected = s_series with { Edit = (_, d) => d.AddOrUpdate(DicomTag.AccessionNumber, "RIGHT") };
        var sender = await world.ConnectAsync();
        for (var slice = 6; slice < s_series.SliceCount; slice++)
            await sender.StoreAsync(corrected, slice);
        await sender.EndAsync(AssociationEnd.Aborted);
        await ReportAsync(world);
        Assert.Equal(["receiving 2"], await world.QueryAsync<string>("select state || ' ' || revision from series"));

        await PushedAsync(world, corrected);
        await ReportAsync(world);
        Assert.Equal(["closed 2 complete"], await world.QueryAsync<string>("select state || ' ' || revision || ' ' || completeness from series"));
        Assert.Equal("RIGHT", Open((await world.QueryAsync<byte[]>("select document from draft order by created_at"))[^1]).GetString(DicomTag.AccessionNumber));
    }

    [Fact]
    public async Task Another_study_UID_is_an_event_of_its_own_and_its_report_follows_the_first()
    {
        await using var world = await ReportedAsync();
        await PushedAsync(world, s_series with { Edit = (_, d) => d.AddOrUpdate(DicomTag.StudyInstanceUID, "2.25.4711") });
        await ReportAsync(world);

        Assert.Equal(["identity.corrected identity.study"], (await world.AuditAsync()).Where(row => row.StartsWith("identity", StringComparison.Ordinal)));
        Assert.Equal([1L], await world.QueryAsync<long>(
            "select count(*) from job j join job p on p.job_id = j.predecessor_job_id join series s on s.series_key = j.series_key where s.study_uid = '2.25.4711'"));
        Assert.Equal([1L], await world.QueryAsync<long>("select count(*) from draft where text like '%IDENTITY CORRECTED%'"));

        // the one before lies where it was sent to
        var document = Open(Assert.Single(await world.QueryAsync<byte[]>("select document from draft where text like '%IDENTITY CORRECTED%'")));
        Assert.Equal(s_series.StudyUid, document.GetSequence(DicomTag.PredecessorDocumentsSequence).Items[0].GetString(DicomTag.StudyInstanceUID));
    }

    [Fact]
    public async Task A_job_that_has_not_begun_makes_way_for_the_corrected_header()
    {
        await using var world = await ServiceWorld.CreateAsync();
        await PushedAsync(world, s_series);
        await world.SweepSeriesAsync();
        await PushedAsync(world, s_renamed);
        await ReportAsync(world);

        Assert.Equal(["cancelled series.changed", "drafted "], await world.QueryAsync<string>(
            "select state || ' ' || coalesce(error_code, '') from job order by created_at"));
    }

    [Fact]
    public async Task Kept_headers_lie_beside_the_first_which_counts()
    {
        await using var world = await ReportedAsync("keep");
        await PushedAsync(world, s_renamed);
        await PushedAsync(world, s_renamed);
        await ReportAsync(world);

        Assert.Equal(["drafted"], await world.QueryAsync<string>("select state from job"));
        Assert.All(Files(world, "series"), file => Assert.Equal("Test^Builder", DicomFile.Open(file).Dataset.GetString(DicomTag.PatientName)));
        Assert.Equal([12L], await world.QueryAsync<long>("select count(*) from former_header where kind = 'beside' and content is not null"));
        Assert.Equal(12, (await world.AuditAsync()).Count(row => row == "instance.header-kept"));
    }

    [Theory]
    [InlineData("refuse", true)]
    [InlineData("take", false)]
    public async Task What_is_refused_is_quarantined_and_audited_once(string changedHeader, bool isHeader)
    {
        await using var world = await ReportedAsync(changedHeader);
        var other = isHeader ? s_renamed : s_series with { EditPixels = (_, p) => [(byte)(p[0] ^ 1), .. p[1..]] };
        foreach (var syntax in (DicomTransferSyntax[])[DicomTransferSyntax.ExplicitVRLittleEndian, DicomTransferSyntax.ImplicitVRLittleEndian])
            Assert.All(await world.PushAsync(other with { TransferSyntax = syntax }), reply => Assert.Equal(0x0111, reply.Status));

        Assert.Equal(12, Files(world, "quarantine").Length);
        Assert.Equal(12, (await world.AuditAsync()).Count(row => row == (isHeader ? "instance.conflict instance.header-refused" : "instance.conflict instance.conflict")));
        Assert.Equal([0, 12, 12], await world.QueryAsync<int>("select conflict_count from association order by opened_at"));
    }

    [Fact]
    public async Task A_start_after_a_crash_before_the_row_takes_the_header()
    {
        await using var world = await ReportedAsync();
        var row = (await world.QueryAsync<(Guid Series, Guid Instance)>($"select series_key, instance_key from instance where sop_instance_uid = '{s_series.SliceUid(0)}'"))[0];
        var left = Path.Combine(world.Spool, "series", row.Series.ToString("N"), $"{Guid.NewGuid():N}.dcm");
        await new DicomFile(s_renamed.DataSet(0)).SaveAsync(left);

        await world.RestartAsync();

        Assert.Equal(s_series.SliceCount, Files(world, "series").Length);
        Assert.Empty(Files(world, "quarantine"));
        Assert.Equal("Right^Name", (await DicomFile.OpenAsync(left)).Dataset.GetString(DicomTag.PatientName));
    }

    [Fact]
    public async Task A_row_of_an_older_version_is_compared_by_its_file()
    {
        await using var world = await ReportedAsync();
        await world.Database.ExecuteAsync("update instance set meaning = null, head_digest = null");
        await PushedAsync(world, s_series with { TransferSyntax = DicomTransferSyntax.ImplicitVRLittleEndian });

        Assert.Empty(Files(world, "quarantine"));
        Assert.Equal(s_series.SliceCount, Files(world, "series").Length);
    }

    /// <summary>RLE Lossless without any run (PS3.5 annex G).</summary>
    private static void Compress(DicomDataset dataSet)
    {
        var pixels = dataSet.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.Data;
        var segments = new[] { 1, 0 }.Select(plane => pixels.Where((_, i) => i % 2 == plane).Chunk(128).SelectMany(c => new[] { (byte)(c.Length - 1) }.Concat(c)).ToArray())
            .ToArray();
        var header = new byte[64];
        BitConverter.TryWriteBytes(header, 2);
        BitConverter.TryWriteBytes(header.AsSpan(4), 64);
        BitConverter.TryWriteBytes(header.AsSpan(8), 64 + segments[0].Length);
        var fragments = new DicomOtherByteFragment(DicomTag.PixelData);
        fragments.Fragments.Add(new MemoryByteBuffer([.. header, .. segments[0], .. segments[1]]));
        dataSet.AddOrUpdate(fragments);
    }

    private static async Task<ServiceWorld> ReportedAsync(string changedHeader = "take", CtSeriesBuilder? series = null)
    {
        var world = await ServiceWorld.CreateAsync(settings => settings.Ingest.ChangedHeader = changedHeader);
        await PushedAsync(world, series ?? s_series);
        await ReportAsync(world);
        Assert.Equal(["drafted"], await world.QueryAsync<string>("select state from job"));
        return world;
    }

    private static async Task PushedAsync(ServiceWorld world, CtSeriesBuilder series, string callingAe = "CT1") =>
        Assert.All(await world.PushAsync(series, callingAe), reply => Assert.Equal((0, null), (reply.Status, reply.Comment)));

    private static async Task ReportAsync(ServiceWorld world)
    {
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        await world.DeliverAsync();
    }

    private static string[] Files(ServiceWorld world, string folder) => Directory.GetFiles(Path.Combine(world.Spool, folder), "*.dcm", SearchOption.AllDirectories);

    private static DicomDataset Open(byte[] document) => DicomFile.Open(new MemoryStream(document)).Dataset;
}
