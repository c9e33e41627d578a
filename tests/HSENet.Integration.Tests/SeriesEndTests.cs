using FellowOakDicom;
using HSENet.TestKit;

namespace HSENet.Integration.Tests;

/// <summary>How senders end a series, on the wire: what the report says of it is what they did.</summary>
public sealed class SeriesEndTests
{
    private const int Half = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15); // a resend on a busy machine comes within it

    [Fact]
    public async Task A_report_is_complete_when_its_sender_said_so_and_partial_with_the_reason_when_it_broke_off()
    {
        await using var gateway = await RunningGateway.StartAsync("--HSENet:Series:QuietPeriod=00:00:01", $"--HSENet:Series:Deadline={Deadline}");
        using var folder = new TempFolder("ends");

        await Task.WhenAll(
            AbortedAsync(), AbortedAndResentAsync(), CutAndResumedAsync(), PartsAsync(), LostAsync(), SeriesAfterSeriesAsync(), SlowAsync(), AbortedByStorescuAsync(folder), ReleasedWithinAsync());

        async Task AbortedAsync()
        {
            var series = Series("aborted");
            await using (var peer = await SendAsync(gateway, series, 0, Half))
                await peer.AbortAsync();
            await AssertReportAsync(gateway, series, "partial association.aborted deadline", Half, "The transfer was aborted; slices may be missing.");
        }

        async Task AbortedAndResentAsync()
        {
            var series = Series("resent");
            await using (var peer = await SendAsync(gateway, series, 0, Half))
                await peer.AbortAsync();
            await using (var again = await SendAsync(gateway, series, Half - 1, series.SliceCount)) // from the last that it knows of on
                await again.ReleaseAsync();
            await AssertReportAsync(gateway, series, "complete - quiet-period", series.SliceCount, null);
        }

        async Task CutAndResumedAsync()
        {
            var series = Series("resumed");
            await using (var peer = await SendAsync(gateway, series, 0, Half))
            {
                await peer.SendStoreAsync(series.SliceUid(Half), await DataSetAsync(series, Half), cutAt: 2000);
                await peer.AbortAsync();
            }

            await using (var again = await SendAsync(gateway, series, Half, series.SliceCount))
                await again.ReleaseAsync();
            await AssertReportAsync(gateway, series, "complete - quiet-period", series.SliceCount, null);
        }

        async Task PartsAsync()
        {
            var series = Series("parts"); // six on each association: the first breaks off after one that stands at an end, and is not repeated
            await using (var peer = await SendAsync(gateway, series, 5, 6))
                await peer.AbortAsync();
            for (var part = 6; part < series.SliceCount; part += 6)
            {
                await using var peer = await SendAsync(gateway, series, part, part + 6);
                await peer.ReleaseAsync();
            }

            await AssertReportAsync(
                gateway, series, "partial association.aborted deadline", series.SliceCount - 5, "The transfer was aborted; slices may be missing.");
        }

        async Task LostAsync()
        {
            var series = Series("lost");
            await using (await SendAsync(gateway, series, 0, Half))
            {
            }

            await AssertReportAsync(gateway, series, "partial association.connection-lost deadline", Half, "The sender's connection was lost; slices may be missing.");
        }

        async Task SeriesAfterSeriesAsync()
        {
            var (first, second) = (Series("first"), Series("second"));
            await using var peer = await SendAsync(gateway, first, 0, first.SliceCount);
            await SendAsync(peer, second, 0, 1);
            await AssertReportAsync(gateway, first, "complete - quiet-period", first.SliceCount, null);
            Assert.Equal(
                ["receiving"], await gateway.QueryAsync<string>("select state from series where series_uid = @SeriesUid", new { second.SeriesUid }));
            await SendAsync(peer, second, 1, second.SliceCount);
            await peer.ReleaseAsync();
            await AssertReportAsync(gateway, second, "complete - quiet-period", second.SliceCount, null);
        }

        async Task SlowAsync()
        {
            var series = Series("slow");
            await using var peer = await RawPeer.AssociateAsync(gateway.Port);
            using var pace = new PeriodicTimer(Deadline * 1.5 / series.SliceCount);
            for (var slice = 0; slice < series.SliceCount; slice++)
            {
                await SendAsync(peer, series, slice, slice + 1);
                await pace.WaitForNextTickAsync();
            }

            await peer.ReleaseAsync();
            await AssertReportAsync(gateway, series, "complete - quiet-period", series.SliceCount, null);
        }

        async Task ReleasedWithinAsync()
        {
            var series = Series("released-within");
            await using var peer = await SendAsync(gateway, series, 0, series.SliceCount - 1);
            await peer.SendStoreAsync(series.SliceUid(series.SliceCount - 1), await DataSetAsync(series, series.SliceCount - 1), cutAt: 2000);
            await peer.ReleaseAsync();
            await AssertReportAsync(
                gateway, series, "partial association.aborted deadline", series.SliceCount - 1, "The transfer was aborted; slices may be missing.");
        }

        async Task AbortedByStorescuAsync(TempFolder files)
        {
            var series = Series("storescu");
            var all = series.Write(files.Folder("all"));
            foreach (var file in all.Take(Half))
                File.Copy(file, Path.Combine(files.Folder("half"), Path.GetFileName(file)));
            await Dcmtk.StoreAsync(gateway.Port, "HSENET", files.Folder("half"), ["--abort"]);
            await gateway.UntilAsync("select ending from association where calling_ae = 'STORESCU'", "aborted");
            var sent = await Dcmtk.StoreAsync(gateway.Port, "HSENET", files.Folder("all"));
            Assert.True(sent.ExitCode == 0, sent.Everything);
            await AssertReportAsync(gateway, series, "complete - quiet-period", series.SliceCount, null);
        }
    }

    /// <summary>
    /// Both by DCMTK's storescu under one title. What is too large is answered with "come back later" (A700) until the other series, which
    /// came whole and whose association was released, is closed.
    /// </summary>
    [Fact]
    public async Task A_complete_and_released_series_is_not_partial_because_its_title_is_turned_away_elsewhere()
    {
        await using var gateway = await RunningGateway.StartAsync(
            "--HSENet:Series:QuietPeriod=00:00:01", $"--HSENet:Series:Deadline={Deadline}", "--HSENet:Dicom:Limits:LargestInstance=1MiB");
        using var files = new TempFolder("turned-away");
        var (whole, lacking) = (Series("whole"), Series("lacking"));
        whole.Write(files.Folder("whole"));
        lacking.Write(files.Folder("lacking"));
        var last = Directory.GetFiles(files.Folder("lacking")).Order().Last();
        var large = await DicomFile.OpenAsync(last, FileReadOption.ReadAll);
        large.Dataset.Add(new DicomOtherByte(new DicomTag(0x0042, 0x0011), new byte[2 << 20])); // Encapsulated Document
        await large.SaveAsync(last);

        var elsewhere = Task.Run(async () =>
        {
            do
            {
                await StoreAsync("lacking"); // all but one are known already after the first time
            }
            while ((await gateway.QueryAsync<string>("select state from series where series_uid = @SeriesUid", new { whole.SeriesUid })) is [] or ["receiving"]);
        });
        await Until.TrueAsync(
            async () => await gateway.CountAsync("select count(*) from unstored_instance") > 0, Patience, "the title is turned away before the other series comes");
        var sent = await StoreAsync("whole");
        Assert.True(sent.ExitCode == 0, sent.Everything);
        await elsewhere.WaitAsync(Patience);

        await AssertReportAsync(gateway, whole, "complete - quiet-period", whole.SliceCount, null);
        Assert.True(await gateway.CountAsync("select count(*) from association where refused_count > 0") > 1);
        await gateway.UntilAsync($"select completeness || ' ' || partial_reason from series where series_uid = '{lacking.SeriesUid}'", "partial series.turned-away");

        Task<ToolResult> StoreAsync(string folder) =>
            Dcmtk.StoreAsync(gateway.Port, "HSENET", files.Path(folder), ["-aet", "SCANNER", "--no-halt"]);
    }

    /// <summary>The service itself refused a slice at an end, where no gap tells of it: what is left must not look whole.</summary>
    [Fact]
    public async Task What_the_service_refused_is_missing_until_it_has_come()
    {
        const string Words = "Images were refused as unusable; slices may be missing.";
        await using var gateway = await RunningGateway.StartAsync("--HSENet:Series:QuietPeriod=00:00:01", $"--HSENet:Series:Deadline={Deadline}");

        await Task.WhenAll(TruncatedAsync(), MismatchedAsync(), ConflictingAsync(), MendedAsync());

        async Task TruncatedAsync()
        {
            var series = Series("truncated");
            await using var peer = await SendAsync(gateway, series, 0, series.SliceCount - 1);
            Assert.Equal(0xC000, (await peer.StoreAsync(series.SliceUid(series.SliceCount - 1), (await DataSetAsync(series, series.SliceCount - 1))[..^1000])).Status);
            await peer.ReleaseAsync();
            await AssertReportAsync(gateway, series, "partial series.refused-instance deadline", series.SliceCount - 1, Words);
        }

        async Task MismatchedAsync()
        {
            var series = Series("mismatched");
            await using var peer = await SendAsync(gateway, series, 0, series.SliceCount - 1);
            Assert.Equal(0xA900, (await peer.StoreAsync("1.2.3", await DataSetAsync(series, series.SliceCount - 1))).Status);
            await peer.ReleaseAsync();
            await AssertReportAsync(gateway, series, "partial series.refused-instance deadline", series.SliceCount - 1, Words);
        }

        async Task ConflictingAsync()
        {
            var series = Series("conflicting");
            await using var peer = await SendAsync(gateway, series, 0, series.SliceCount);
            var other = series with { EditPixels = (_, pixels) => [(byte)(pixels[0] ^ 1), .. pixels[1..]] };
            Assert.Equal(0x0111, (await peer.StoreAsync(series.SliceUid(0), await DataSetAsync(other, 0))).Status);
            await peer.ReleaseAsync();
            await AssertReportAsync(gateway, series, "partial series.refused-instance deadline", series.SliceCount, Words);
        }

        async Task MendedAsync()
        {
            var series = Series("mended");
            await using var peer = await SendAsync(gateway, series, 0, series.SliceCount - 1);
            Assert.Equal(0xC000, (await peer.StoreAsync(series.SliceUid(series.SliceCount - 1), (await DataSetAsync(series, series.SliceCount - 1))[..^1000])).Status);
            await SendAsync(peer, series, series.SliceCount - 1, series.SliceCount);
            await peer.ReleaseAsync();
            await AssertReportAsync(gateway, series, "complete - quiet-period", series.SliceCount, null);
        }
    }

    /// <summary>One association for each image, as some senders do: the one of an end slice stored nothing, and tells of it all the same.</summary>
    [Fact]
    public async Task An_association_that_stored_nothing_of_a_series_tells_of_that_series_and_of_no_other()
    {
        await using var gateway = await RunningGateway.StartAsync(
            "--HSENet:Series:QuietPeriod=00:00:01", $"--HSENet:Series:Deadline={Deadline}", "--HSENet:Dicom:Limits:LargestInstance=1MiB");

        await Task.WhenAll(CutAsync("first", 0), CutAsync("last", 2 * Half - 1), GivenUpAsync(), NeighbourAsync());

        async Task CutAsync(string identity, int cut)
        {
            var series = Series($"cut-{identity}");
            await using var open = await SendAsync(gateway, series, Half, Half + 1); // the series is not closed before its last association has ended
            foreach (var slice in Enumerable.Range(0, series.SliceCount).Where(s => s != Half))
            {
                await using var peer = await SendAsync(gateway, series, slice, slice == cut ? slice : slice + 1);
                if (slice != cut)
                {
                    await peer.ReleaseAsync();
                    continue;
                }

                await peer.SendStoreAsync(series.SliceUid(slice), await DataSetAsync(series, slice), cutAt: 2000);
                await peer.AbortAsync();
                await MissedAsync(series.SliceUid(slice));
            }

            await open.ReleaseAsync();
            await AssertReportAsync(
                gateway, series, "partial association.aborted deadline", series.SliceCount - 1, "The transfer was aborted; slices may be missing.");
        }

        async Task GivenUpAsync()
        {
            var series = Series("given-up");
            await using var first = await SendAsync(gateway, series, 0, series.SliceCount - 1);
            await using var second = await RawPeer.AssociateAsync(gateway.Port);
            Assert.Equal(0xA700, (await second.StoreAsync(series.SliceUid(series.SliceCount - 1), await DataSetAsync(Large(series), series.SliceCount - 1))).Status);
            await second.ReleaseAsync();
            await MissedAsync(series.SliceUid(series.SliceCount - 1));
            await first.ReleaseAsync();
            await AssertReportAsync(
                gateway, series, "partial series.turned-away deadline", series.SliceCount - 1, "Images were turned away and not resent; slices may be missing.");
        }

        Task MissedAsync(string sliceUid) => Until.TrueAsync(
            async () => await gateway.CountAsync($"select count(*) from unstored_instance where sop_instance_uid = '{sliceUid}'") == 1, Patience, "it is known to be missing");

        async Task NeighbourAsync()
        {
            var (whole, lacking) = (Series("neighbour"), Series("lacking"));
            await using var peer = await SendAsync(gateway, whole, 0, whole.SliceCount);
            await SendAsync(peer, lacking, 0, lacking.SliceCount - 1);
            Assert.Equal(0xA700, (await peer.StoreAsync(lacking.SliceUid(lacking.SliceCount - 1), await DataSetAsync(Large(lacking), lacking.SliceCount - 1))).Status);
            await peer.ReleaseAsync();
            await AssertReportAsync(gateway, whole, "complete - quiet-period", whole.SliceCount, null);
            await AssertReportAsync(
                gateway, lacking, "partial series.turned-away deadline", lacking.SliceCount - 1, "Images were turned away and not resent; slices may be missing.");
        }
    }

    /// <summary>Larger than the limit.</summary>
    private static CtSeriesBuilder Large(CtSeriesBuilder series) =>
        series with { Edit = (_, d) => d.Add(new DicomOtherByte(new DicomTag(0x0042, 0x0011), new byte[2 << 20])) }; // Encapsulated Document

    private static CtSeriesBuilder Series(string identity) => new() { Identity = identity, SliceCount = 2 * Half, SliceSpacingMm = 2.5 };

    private static async Task<RawPeer> SendAsync(RunningGateway gateway, CtSeriesBuilder series, int from, int to)
    {
        var peer = await RawPeer.AssociateAsync(gateway.Port);
        await SendAsync(peer, series, from, to);
        return peer;
    }

    private static async Task SendAsync(RawPeer peer, CtSeriesBuilder series, int from, int to)
    {
        for (var slice = from; slice < to; slice++)
            Assert.Equal(0, (await peer.StoreAsync(series.SliceUid(slice), await DataSetAsync(series, slice))).Status);
    }

    private static async Task<byte[]> DataSetAsync(CtSeriesBuilder series, int slice)
    {
        using var stream = new MemoryStream();
        await new DicomFile(series.DataSet(slice)).SaveAsync(stream);
        return RawPeer.DataSetOf(stream.ToArray());
    }

    /// <summary>One revision, one report, and both say how it ended.</summary>
    private static async Task AssertReportAsync(RunningGateway gateway, CtSeriesBuilder series, string end, int slices, string? words)
    {
        IReadOnlyList<byte[]> documents = [];
        await Until.TrueAsync(
            async () => (documents = await gateway.QueryAsync<byte[]>(
                "select d.document from draft d join job using (job_id) join series using (series_key) where series_uid = @SeriesUid", new { series.SeriesUid })).Count > 0,
            Patience,
            $"{series.Identity} is reported");
        var report = (await DicomFile.OpenAsync(new MemoryStream(documents[0]))).Dataset;
        Assert.Equal(
            (words is null ? "COMPLETE" : "PARTIAL", words),
            (report.GetSingleValue<string>(DicomTag.CompletionFlag), report.GetSingleValueOrDefault<string?>(DicomTag.CompletionFlagDescription, null)));
        Assert.Equal(
            [$"{end} {slices} 1"],
            await gateway.QueryAsync<string>(
                """
                select s.completeness || ' ' || coalesce(e.reason, '-') || ' ' || (e.details::jsonb ->> 'closed_by') || ' ' || s.instance_count || ' ' || s.revision
                  from audit.event e join series s using (series_key) where e.event = 'series.closed' and s.series_uid = @SeriesUid
                   and e.reason is not distinct from s.partial_reason
                """,
                new { series.SeriesUid }));
    }
}
