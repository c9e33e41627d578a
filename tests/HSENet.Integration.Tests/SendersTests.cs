using System.Globalization;
using System.Text.RegularExpressions;
using FellowOakDicom;
using HSENet.TestKit;

namespace HSENet.Integration.Tests;

/// <summary>How real senders come: from anywhere, several at a time, broken off and resumed.</summary>
public sealed partial class SendersTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Only_listed_callers_from_their_networks_are_admitted_and_the_others_are_audited()
    {
        await using var gateway = await RunningGateway.StartAsync(
            "--HSENet:Dicom:Sources:0:AeTitle=SCANNER", "--HSENet:Dicom:Sources:0:Address=127.0.0.0/8",
            "--HSENet:Dicom:Sources:1:AeTitle=ELSEWHERE", "--HSENet:Dicom:Sources:1:Address=10.0.0.0/8");

        var listed = await Dcmtk.EchoAsync(gateway.Port, "HSENET", ["-aet", "SCANNER"]);
        var elsewhere = await Dcmtk.EchoAsync(gateway.Port, "HSENET", ["-aet", "ELSEWHERE"]);
        var unknown = await Dcmtk.EchoAsync(gateway.Port, "HSENET", ["-aet", "scanner"]);

        Assert.True(listed.ExitCode == 0, listed.Everything);
        Assert.All([elsewhere, unknown], refused => Assert.Contains("Calling AE Title Not Recognized", refused.Everything, StringComparison.Ordinal));
        Assert.Equal(
            ["ae:ELSEWHERE association.calling-ae 127.0.0.1", "ae:scanner association.calling-ae 127.0.0.1"],
            await gateway.QueryAsync<string>(
                "select actor || ' ' || reason || ' ' || (details::jsonb ->> 'host') from audit.event where event = 'association.refused' order by event_id"));
    }

    [Fact]
    public async Task A_sender_of_which_no_presentation_context_is_taken_is_audited_whatever_it_does_then()
    {
        const string MrImageStorage = "1.2.840.10008.5.1.4.1.1.4";
        await using var gateway = await RunningGateway.StartAsync();
        await using (var peer = await RawPeer.RequestAsync(gateway.Port, [(MrImageStorage, [RawPeer.ImplicitLittleEndian])]))
        {
            await peer.ReceivePduAsync();
            await peer.AbortAsync();
        }

        Task<IReadOnlyList<string>> RowsAsync() => gateway.QueryAsync<string>(
            "select reason || ' ' || outcome || ' ' || (details::jsonb ->> 'host') || ' ' || (details::jsonb ->> 'count') from audit.event where event = 'association.contexts'");
        await Until.TrueAsync(async () => (await RowsAsync()).Count > 0, Deadline, "the association is audited");
        Assert.Equal(["association.contexts 4 127.0.0.1 1"], await RowsAsync());
        Assert.True((await Dcmtk.EchoAsync(gateway.Port, "HSENET")).ExitCode == 0);
    }

    [Fact]
    public async Task Four_associations_interleaving_one_series_make_one_series_and_one_job()
    {
        var series = new CtSeriesBuilder { SliceCount = 40 };
        await using var gateway = await RunningGateway.StartAsync();
        var peers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RawPeer.AssociateAsync(gateway.Port)));

        var statuses = await Task.WhenAll(peers.Select((peer, first) => SendAsync(peer, series, Enumerable.Range(0, 10).Select(n => (4 * n) + first))));
        foreach (var peer in peers)
            await peer.ReleaseAsync();

        Assert.All(statuses.SelectMany(s => s), status => Assert.Equal(0, status));
        await AssertOneReportAsync(gateway, series);
        Assert.Equal([10, 10, 10, 10], await gateway.QueryAsync<int>("select stored_count from association"));
    }

    [Fact]
    public async Task A_series_aborted_within_an_instance_and_resent_in_another_order_is_whole_and_counts_only_what_was_answered()
    {
        var series = new CtSeriesBuilder { SliceCount = 20 };
        await using var gateway = await RunningGateway.StartAsync("--HSENet:Series:QuietPeriod=00:00:03");
        await using (var first = await RawPeer.AssociateAsync(gateway.Port))
        {
            Assert.All(await SendAsync(first, series, Enumerable.Range(0, 7)), status => Assert.Equal(0, status));
            await first.SendStoreAsync(series.SliceUid(7), DataSet(series, 7), cutAt: 900);
            await first.AbortAsync();
            await Until.TrueAsync(
                async () => (await gateway.QueryAsync<string>("select ending from association where closed_at is not null")).SequenceEqual(["aborted"]),
                Deadline,
                "the abort is recorded");
        }

        Assert.Equal(7, await gateway.CountAsync("select count(*) from instance"));
        Assert.Empty(Directory.GetFiles(Path.Combine(gateway.Spool, "incoming")));

        await using var second = await RawPeer.AssociateAsync(gateway.Port);
        Assert.All(await SendAsync(second, series, Enumerable.Range(0, 20).Reverse()), status => Assert.Equal(0, status));
        await second.ReleaseAsync();

        await AssertOneReportAsync(gateway, series);
        Assert.Equal(["7 0", "13 7"], await gateway.QueryAsync<string>("select stored_count || ' ' || duplicate_count from association order by opened_at"));
        Assert.Equal(
            ["association.aborted", "-"],
            await gateway.QueryAsync<string>("select coalesce(reason, '-') from audit.event where event = 'instances.received' order by event_id"));
    }

    [Fact]
    public async Task Storescu_dcmsend_and_Orthanc_each_with_a_part_of_a_series_make_one_series_and_one_job()
    {
        var series = new CtSeriesBuilder { SliceCount = 15 };
        using var folder = new TempFolder("senders");
        var files = series.Write(folder.Folder("all"));
        foreach (var (sender, number) in new[] { "storescu", "dcmsend" }.Select((s, i) => (s, i)))
        {
            var part = folder.Folder(sender);
            foreach (var file in files.Where((_, i) => i % 3 == number))
                File.Copy(file, Path.Combine(part, Path.GetFileName(file)));
        }

        await using var gateway = await RunningGateway.StartAsync("--HSENet:Series:QuietPeriod=00:00:05");
        await using var orthanc = await OrthancServer.StartAsync();
        await orthanc.AddModalityAsync("hsenet", "HSENET", gateway.Port);
        var uploaded = new List<string>();
        foreach (var file in files.Where((_, i) => i % 3 == 2))
            uploaded.Add(await orthanc.UploadAsync(file));

        var pushes = new[]
        {
            Dcmtk.StoreAsync(gateway.Port, "HSENET", folder.Path("storescu")),
            Dcmtk.RunAsync("dcmsend", "-v", "-aec", "HSENET", "+sd", "127.0.0.1", gateway.Port.ToString(CultureInfo.InvariantCulture), folder.Path("dcmsend")),
        };
        var byOrthanc = await orthanc.StoreAsync("hsenet", [.. uploaded]);

        Assert.All(await Task.WhenAll(pushes), sent => Assert.True(sent.ExitCode == 0, sent.Everything));
        Assert.Equal((5, 0), byOrthanc);
        await AssertOneReportAsync(gateway, series);
        Assert.Equal(3, await gateway.CountAsync("select count(distinct calling_ae) from association where stored_count = 5"));
    }

    /// <summary>DCMTK reads the files, so that a part of them never gets to the wire; what it was told is stored, is.</summary>
    [Fact]
    public async Task What_storescu_is_told_is_stored_is_stored_however_bad_the_rest_of_the_folder()
    {
        using var folder = new TempFolder("dcmtk");
        foreach (var file in Directory.GetFiles(SharedData.Path("data/bad-input"), "*.dcm", SearchOption.AllDirectories))
        {
            // well-formed nesting 20000 deep ends DCMTK's own reader
            if (!file.Contains("depth", StringComparison.Ordinal) && !file.Contains("/series/", StringComparison.Ordinal))
                File.Copy(file, folder.Path($"{Path.GetFileName(Path.GetDirectoryName(file))}-{Path.GetFileName(file)}"));
        }

        await using var gateway = await RunningGateway.StartAsync();
        var sent = await Dcmtk.StoreAsync(gateway.Port, "HSENET", folder.Root, ["-v", "-nh", "+r"], timeout: TimeSpan.FromMinutes(3));

        var stored = Success().Count(sent.Everything);
        Assert.InRange(stored, 50, 200);
        await Until.TrueAsync(
            async () => await gateway.CountAsync("select coalesce(sum(stored_count + duplicate_count), 0) from association where closed_at is not null") == stored,
            Deadline,
            $"{stored} instances are counted");
        Assert.Equal(
            await gateway.CountAsync("select count(*) from instance"),
            Directory.GetFiles(Path.Combine(gateway.Spool, "series"), "*.dcm", SearchOption.AllDirectories).Length);
    }

    private static async Task<List<ushort>> SendAsync(RawPeer peer, CtSeriesBuilder series, IEnumerable<int> slices)
    {
        var statuses = new List<ushort>();
        foreach (var slice in slices)
            statuses.Add((await peer.StoreAsync(series.SliceUid(slice), DataSet(series, slice))).Status);
        return statuses;
    }

    private static byte[] DataSet(CtSeriesBuilder series, int slice)
    {
        using var stream = new MemoryStream();
        new DicomFile(series.DataSet(slice)).Save(stream);
        return RawPeer.DataSetOf(stream.ToArray());
    }

    private static async Task AssertOneReportAsync(RunningGateway gateway, CtSeriesBuilder series)
    {
        await Until.TrueAsync(
            async () => (await gateway.QueryAsync<string>("select state from job")).Any(state => state is "drafted" or "failed" or "dead"), Deadline, "the job has ended");
        Assert.Equal(["drafted"], await gateway.QueryAsync<string>("select state from job"));
        Assert.Equal([series.SliceCount], await gateway.QueryAsync<int>("select instance_count from series"));
        Assert.Contains($"{series.SliceCount} slices", Assert.Single(await gateway.QueryAsync<string>("select text from draft")), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"Received Store Response \(Success\)")]
    private static partial Regex Success();
}
