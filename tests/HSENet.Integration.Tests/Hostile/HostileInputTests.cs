using System.Globalization;
using System.Security.Cryptography;
using FellowOakDicom;
using HSENet.Dicom.Files;
using HSENet.TestKit;

namespace HSENet.Integration.Tests.Hostile;

/// <summary>
/// Every damaged, hostile and odd file of the shared data sent to the running service, against a table of what must come of it (tests/data/hostile-input.tsv): what is
/// tolerable is stored byte for byte, the rest refused with its own code, audited and kept apart. A real series is received meanwhile, and reported on afterwards.
/// </summary>
public sealed class HostileInputTests
{
    private static readonly string[] Folders =
    [
        "bad-input/files", "bad-input/codestreams", "bad-input/fuzz", "bad-input/found", "bad-input/pwnlab", "charsets", "sr",
    ];

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public void The_table_names_every_file_once()
    {
        var root = SharedData.Path("data");
        var files = Folders.SelectMany(folder => Directory.GetFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories))
            .Where(file => !file.EndsWith("README.md", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(root, file));

        Assert.Equal(files.Order(StringComparer.Ordinal), ExpectedOutcome.All.Select(e => e.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_file_is_answered_as_the_table_says_while_a_real_series_is_received()
    {
        var data = SharedData.Path("data");
        await using var gateway = await RunningGateway.StartAsync();
        using var ended = new CancellationTokenSource();
        var meanwhile = Task.Run(() => SendRealSeriesAsync(gateway.Port, ended.Token));
        var wrong = new List<string>();
        try
        {
            foreach (var expected in ExpectedOutcome.All)
            {
                var actual = await SendAsync(gateway, expected, SentFile.Read(Path.Combine(data, expected.Path)));
                if (actual != $"{expected.Wire} {expected.Code}".Trim())
                    wrong.Add($"{expected.Path}: expected {expected.Wire} {expected.Code}, was {actual}");
            }
        }
        finally
        {
            await ended.CancelAsync();
        }

        Assert.InRange(await meanwhile, 1, int.MaxValue);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        await AssertLivesAsync(gateway);
    }

    [Fact]
    public void Every_file_in_a_folder_is_judged_as_the_table_says()
    {
        var data = SharedData.Path("data");
        var wrong = new List<string>();
        foreach (var expected in ExpectedOutcome.All)
        {
            var file = Path.Combine(data, expected.Path);
            var actual = Part10Scan.Scan(file) is ScanResult.Refused refused ? refused.Code : "sound";
            if (actual != expected.File)
                wrong.Add($"{expected.Path}: expected {expected.File}, was {actual}");
            else if (expected.Wire != "0000" && expected.Content.Length > 0 && Content.Difference(file, expected.Content) is { } difference)
                wrong.Add($"{expected.Path}: {difference}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>What came of one file, in the table's words; what does not fit the answer is told too.</summary>
    private static async Task<string> SendAsync(RunningGateway gateway, ExpectedOutcome expected, SentFile sent)
    {
        await using var peer = await RawPeer.RequestAsync(
            gateway.Port, [(sent.SopClassUid, [sent.TransferSyntaxUid]), (RawPeer.Verification, [RawPeer.ImplicitLittleEndian])]);
        var (type, accept) = await peer.ReceivePduAsync();
        if (type != 0x02)
            return $"PDU {type}";
        if (RawPeer.Contexts(accept)[1].Result is var result and not 0)
        {
            await peer.ReleaseAsync();
            return $"context-{result}";
        }

        var (status, comment) = await peer.StoreAsync(sent.SopInstanceUid, sent.DataSet, sopClassUid: sent.SopClassUid);
        var lives = await peer.EchoAsync() == 0;
        await peer.ReleaseAsync();
        var problem = !lives ? "the association is dead" : status == 0 ? await StoredAsync(gateway, expected, sent) : await RefusedAsync(gateway, sent, comment);
        return string.Create(CultureInfo.InvariantCulture, $"{status:X4} {problem}").Trim();
    }

    /// <summary>Empty when row, file and content are right. The row is removed, because other files have the same UID with other content.</summary>
    private static async Task<string> StoredAsync(RunningGateway gateway, ExpectedOutcome expected, SentFile sent)
    {
        var rows = await gateway.QueryAsync<(Guid Key, Guid Series, string Uid, byte[] Digest)>(
            "select instance_key, series_key, sop_instance_uid, digest from instance where sop_class_uid = @SopClassUid and sop_instance_uid = @SopInstanceUid",
            new { sent.SopClassUid, sent.SopInstanceUid });
        if (rows.Count != 1)
            return $"{rows.Count} rows";
        var file = Path.Combine(gateway.Spool, "series", rows[0].Series.ToString("N"), $"{rows[0].Key:N}.dcm");
        var isSame = SentFile.Read(file) is var stored && stored.DataSet.AsSpan().SequenceEqual(sent.DataSet)
            && stored.TransferSyntaxUid == sent.TransferSyntaxUid && rows[0].Digest.AsSpan().SequenceEqual(SHA256.HashData(sent.DataSet));
        var wrongContent = expected.Content.Length == 0 ? null : Content.Difference(file, expected.Content);
        await gateway.ExecuteAsync($"delete from instance where instance_key = '{rows[0].Key}'");
        return !isSame ? "other bytes" : wrongContent ?? "";
    }

    /// <summary>The audit's code, when audit, comment and quarantine agree.</summary>
    private static async Task<string> RefusedAsync(RunningGateway gateway, SentFile sent, string? comment)
    {
        var (reason, quarantine) = (await gateway.QueryAsync<(string, string)>(
            "select reason, details::jsonb ->> 'quarantine' from audit.event where event = 'instance.refused' order by event_id desc limit 1")).SingleOrDefault();
        if (reason is null || comment?.Trim() != reason)
            return $"comment {comment}, audit {reason}";
        return Quarantined(gateway, quarantine) is { } kept && kept.DataSet.AsSpan().SequenceEqual(sent.DataSet) ? reason : $"{reason}, not in quarantine";
    }

    private static SentFile? Quarantined(RunningGateway gateway, string name) =>
        Path.Combine(gateway.Spool, "quarantine", name) is var path && File.Exists(path) ? SentFile.Read(path) : null;

    /// <summary>Pushes the same real series and C-ECHO until told to end. Every push is whole.</summary>
    private static async Task<int> SendRealSeriesAsync(int port, CancellationToken ended)
    {
        var rounds = 0;
        while (!ended.IsCancellationRequested)
        {
            var sent = await Dcmtk.StoreAsync(port, "HSENET", SharedData.Path("data/chest-ct/mini-lidc-0314"));
            Assert.True(sent.ExitCode == 0, sent.Everything);
            var echo = await Dcmtk.EchoAsync(port, "HSENET");
            Assert.True(echo.ExitCode == 0, echo.Everything);
            rounds++;
        }

        return rounds;
    }

    private static async Task AssertLivesAsync(RunningGateway gateway)
    {
        using var folder = new TempFolder("after");
        var series = new CtSeriesBuilder { Identity = "after the hostile input" };
        series.Write(folder.Root);
        var sent = await Dcmtk.StoreAsync(gateway.Port, "HSENET", folder.Root);
        Assert.True(sent.ExitCode == 0, sent.Everything);
        await Until.TrueAsync(
            async () => (await gateway.QueryAsync<string>(
                "select j.state from job j join series s using (series_key) where s.series_uid = @SeriesUid", new { series.SeriesUid })).SequenceEqual(["drafted"]),
            Deadline,
            "the series sent afterwards is reported on");
        var study = "2.25.152319287768759473521439013302647871515";
        await Until.TrueAsync(
            async () => (await gateway.QueryAsync<string>(
                "select j.state from job j join series s using (series_key) where s.study_uid = @study", new { study })).SequenceEqual(["drafted"]),
            Deadline,
            "the series sent meanwhile is reported on");
    }
}
