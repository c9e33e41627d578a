using FellowOakDicom;
using HSENet.Dicom.Files;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary>A real chest CT, pushed by DCMTK, comes back as one Structured Report in Orthanc.</summary>
public sealed class SeriesToReportTests
{
    private const string LungSeries = "data/chest-ct/lung-dx-a0001-lung";
    private const string LungStudyUid = "1.3.6.1.4.1.14519.5.2.1.6655.2359.165554066086145834377508507990";

    private static readonly string[] Story =
        ["instances.received", "series.closed", "job.created", "job.queued", "job.started", "job.drafted", "delivery.started", "delivery.stored"];

    [Fact]
    public async Task Pushed_series_comes_back_as_exactly_one_report_in_its_study()
    {
        var folder = SharedData.Path(LungSeries);
        await using var hospital = await Hospital.OpenAsync();

        await hospital.PushAsync(folder);
        await hospital.WaitForDeliveriesAsync(1);

        var report = Assert.Single(await hospital.ReportsAsync(LungStudyUid));
        await AssertIsDraftAsync(hospital, report, folder);
        Assert.Equal(Story, (await hospital.AuditAsync()).Where(Story.Contains));
        Assert.Equal("series closed | job drafted | delivery stored", await hospital.StatesAsync());
    }

    [Fact]
    public async Task Series_sent_twice_still_gives_exactly_one_report()
    {
        var folder = SharedData.Path(LungSeries);
        await using var hospital = await Hospital.OpenAsync();

        await hospital.PushAsync(folder);
        await hospital.PushAsync(folder);
        await hospital.WaitForDeliveriesAsync(1);
        await hospital.PushAsync(folder);

        var open = "select count(*) from association where closed_at is null";
        await Until.TrueAsync(async () => await hospital.Database.ScalarAsync<long>(open) == 0, TimeSpan.FromSeconds(30), "associations are closed");
        await Until.TrueAsync(
            async () => await hospital.Database.ScalarAsync<long>("select count(*) from series where state = 'receiving'") == 0,
            TimeSpan.FromSeconds(30),
            "the series is closed again");
        Assert.Single(await hospital.ReportsAsync(LungStudyUid));
        Assert.Equal(64, await hospital.Database.ScalarAsync<long>("select count(*) from instance"));
        Assert.Equal(128, await hospital.Database.ScalarAsync<long>("select sum(duplicate_count) from association"));
        Assert.Equal("series closed | job drafted | delivery stored", await hospital.StatesAsync());
    }

    [Fact]
    public async Task Nesting_bomb_is_answered_and_the_next_series_is_reported()
    {
        var bomb = await File.ReadAllBytesAsync(SharedData.Path("data/bad-input/files/41-sequence-depth-20000.dcm"));
        await using var hospital = await Hospital.OpenAsync();

        // DCMTK's own storescu runs out of stack on this file: it is sent as bytes
        await using (var peer = await RawPeer.AssociateAsync(hospital.Port))
        {
            var (status, _) = await peer.StoreAsync("1.2.3.4", RawPeer.DataSetOf(bomb));
            Assert.Equal(0xC000, status);
            Assert.Equal(0x0000, await peer.EchoAsync());
            await peer.ReleaseAsync();
        }

        Assert.Contains("instance.refused", await hospital.AuditAsync());
        Assert.Equal(0, (await Dcmtk.EchoAsync(hospital.Port, Hospital.AeTitle)).ExitCode);
        await hospital.PushAsync(SharedData.Path("data/chest-ct/mini-lidc-0314"));
        await hospital.WaitForDeliveriesAsync(1);
        Assert.False(hospital.Worker.Process.HasExited);
        Assert.Single(await hospital.ReportsAsync("2.25.152319287768759473521439013302647871515"));
    }

    [Fact]
    public async Task Association_with_a_wrong_called_title_is_rejected_and_audited()
    {
        await using var hospital = await Hospital.OpenAsync();

        Assert.NotEqual(0, (await Dcmtk.EchoAsync(hospital.Port, "SOMEBODY")).ExitCode);

        Assert.Equal("association.called-ae", await hospital.Database.ScalarAsync<string>("select reason from audit.event where event = 'association.refused'"));
        Assert.Equal(0, (await Dcmtk.EchoAsync(hospital.Port, Hospital.AeTitle)).ExitCode);
    }

    [Fact]
    public async Task Compressed_series_gets_its_report()
    {
        var folder = SharedData.Path("data/chest-ct/lung-dx-a0001-soft-j2k");
        await using var hospital = await Hospital.OpenAsync();

        // storescu cannot read these headers (every VR is UN), so the data sets are sent as they are
        await using (var peer = await RawPeer.AssociateAsync(hospital.Port, RawPeer.Jpeg2000Lossless))
        {
            foreach (var file in Directory.GetFiles(folder))
            {
                var header = Assert.IsType<ScanResult.Sound>(Part10Scan.Scan(file)).Header;
                var dataSet = RawPeer.DataSetOf(await File.ReadAllBytesAsync(file));
                Assert.Equal(0x0000, (await peer.StoreAsync(header.SopInstanceUid, dataSet)).Status);
            }

            await peer.ReleaseAsync();
        }

        await Until.TrueAsync(
            async () => (await hospital.ReportsAsync(LungStudyUid)).Count == 1, TimeSpan.FromMinutes(2), "the report at the PACS");
    }

    private static async Task AssertIsDraftAsync(Hospital hospital, string report, string folder)
    {
        using var scratch = new TempFolder();
        var file = scratch.Path("report.dcm");
        await File.WriteAllBytesAsync(file, await hospital.Pacs.FileAsync(report));
        await Dciodvfy.IsCleanReportAsync(file);
        (await Dsrdump.CheckAsync(file)).AreClean();

        var document = DicomFile.Open(file).Dataset;
        Assert.Equal("1.2.840.10008.5.1.4.1.1.88.11", document.GetString(DicomTag.SOPClassUID));
        Assert.Equal("UNVERIFIED", document.GetString(DicomTag.VerificationFlag));
        Assert.Equal("PRELIMINARY", document.GetString(DicomTag.PreliminaryFlag));
        Assert.Equal(LungStudyUid, document.GetString(DicomTag.StudyInstanceUID));
        var pushed = Directory.GetFiles(folder).Select(f => DicomFile.Open(f).Dataset).ToList();
        Assert.Equal(pushed[0].GetString(DicomTag.PatientID), document.GetString(DicomTag.PatientID));
        Assert.Equal(pushed[0].GetString(DicomTag.PatientName), document.GetString(DicomTag.PatientName));
        var evidence = document.GetSequence(DicomTag.CurrentRequestedProcedureEvidenceSequence).Items
            .SelectMany(study => study.GetSequence(DicomTag.ReferencedSeriesSequence).Items)
            .SelectMany(series => series.GetSequence(DicomTag.ReferencedSOPSequence).Items)
            .Select(instance => instance.GetString(DicomTag.ReferencedSOPInstanceUID));
        Assert.Equal(pushed.Select(p => p.GetString(DicomTag.SOPInstanceUID)).Order(), evidence.Order());

        var text = (await Dcmtk.RunAsync("dsrdump", "+Pl", file)).Output;
        Assert.Contains("Not reviewed by a radiologist", text, StringComparison.Ordinal);
        Assert.Contains("demonstration model, trained on synthetic phantoms only, not for clinical use", text, StringComparison.Ordinal);
    }
}
