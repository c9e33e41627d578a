using FellowOakDicom;
using HSENet.Dicom.Files;
using HSENet.TestKit;

namespace HSENet.Integration.Tests.Hostile;

/// <summary>The inputs made after public bug reports, pushed to the running service: each series ends as the folder reader of <c>process</c> judges it.</summary>
public sealed class FoundSeriesTests
{
    private const string Unparsed = "b04-sq-tag-with-text-implicit";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Series of a folder, several separated by |; after a comma the notes of a drafted one.</summary>
    private static readonly Dictionary<string, string> s_expected = new()
    {
        ["b01-ipp-one-decimal-1.25mm"] = "closed drafted, content.coverage",
        ["b01d-ipp-whole-mm-2.5mm"] = "refused geometry.uneven-spacing",
        ["b08-two-kernels-interleaved"] = "refused series.mixed",
        ["b08c-two-phases-same-positions"] = "refused series.mixed",
        ["b09-localizer-in-series"] = "closed drafted, series.localizer content.coverage",
        ["b13b-name-trailing-carets"] = "closed drafted, content.coverage",
        ["b13c-name-case"] = "closed drafted, patient.name content.coverage",
        ["b13d-issuer-in-half"] = "closed drafted, patient.issuer content.coverage",
        ["b13e-frame-of-reference-empty-in-half"] = "closed drafted, series.frame-of-reference content.coverage",
        ["b14c-words"] = "closed drafted, content.coverage",
        ["b15i-image-type"] = "refused series.derived",
        ["b26b-number-of-frames"] = "closed drafted, content.coverage",
        ["b27d-cosines-two-decimals"] = "closed drafted, content.coverage",
        ["b37-gap-beside-dose-report"] = "refused geometry.gap|refused series.not-ct",
    };

    [Fact]
    public async Task Every_series_ends_over_the_wire_as_it_does_in_a_folder()
    {
        var root = SharedData.Path("data/found");
        await using var gateway = await RunningGateway.StartAsync(
            "--HSENet:Routes:0:Name=each", "--HSENet:Routes:0:When=Modality == \"CT\"", "--HSENet:Routes:0:PerStudy=all", "--HSENet:Report:TimeZone=Asia/Kathmandu");
        var folderOf = new Dictionary<string, string>();
        foreach (var folder in s_expected.Keys)
        {
            foreach (var file in Directory.GetFiles(Path.Combine(root, folder), "*.dcm"))
                folderOf[Assert.IsType<ScanResult.Sound>(Part10Scan.Scan(file)).Header.SeriesInstanceUid] = folder;

            var sent = await Dcmtk.StoreAsync(gateway.Port, "HSENET", Path.Combine(root, folder));
            Assert.True(sent.ExitCode == 0, sent.Everything);
        }

        const string Sql = """
            select s.series_uid, s.state || ' ' || coalesce(s.refusal_code, j.state, '')
                   || coalesce(', ' || (select string_agg(n, ' ') from jsonb_array_elements_text(d.manifest->'input'->'notes') n), '')
              from series s left join job j using (series_key) left join draft d using (job_id)
             where s.state = 'refused' or j.state in ('drafted', 'failed', 'dead', 'shadow')
            """;
        await Until.TrueAsync(async () => (await gateway.QueryAsync<(string, string)>(Sql)).Count >= folderOf.Count, Deadline, "the series have ended");
        var outcomes = (await gateway.QueryAsync<(string SeriesUid, string Outcome)>(Sql))
            .GroupBy(o => folderOf[o.SeriesUid])
            .ToDictionary(g => g.Key, g => string.Join('|', g.Select(o => o.Outcome).Order(StringComparer.Ordinal)));
        Assert.Equal(Lines(s_expected), Lines(outcomes));

        var document = (await gateway.QueryAsync<byte[]>("select document from draft limit 1"))[0];
        Assert.Equal("+0545", DicomFile.Open(new MemoryStream(document)).Dataset.GetString(DicomTag.TimezoneOffsetFromUTC));

        // what the reader of series would not get past is not acknowledged
        var unparsed = SentFile.Read(Directory.GetFiles(Path.Combine(root, Unparsed), "*.dcm")[0]);
        await using var peer = await RawPeer.RequestAsync(gateway.Port, [(unparsed.SopClassUid, [unparsed.TransferSyntaxUid])]);
        _ = await peer.ReceivePduAsync();
        var (status, comment) = await peer.StoreAsync(unparsed.SopInstanceUid, unparsed.DataSet, sopClassUid: unparsed.SopClassUid);
        await peer.ReleaseAsync();
        Assert.Equal((0xC000, "dicom.unparsed"), ((int)status, comment));
        Assert.Equal(0, await gateway.CountAsync($"select count(*) from instance where sop_instance_uid = '{unparsed.SopInstanceUid}'"));
        Assert.Equal(["dicom.unparsed"], await gateway.QueryAsync<string>("select reason from audit.event where event = 'instance.refused'"));
    }

    private static string Lines(Dictionary<string, string> outcomes) =>
        string.Join('\n', outcomes.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}: {o.Value}"));
}
