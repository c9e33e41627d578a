using System.Text.RegularExpressions;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests.Receiving;

/// <summary>
/// What the kernel is asked for, and in which order: an answer of success leaves only after the instance's file was synced, renamed into its place, and the folder of that
/// place synced. Seen by strace.
/// </summary>
public sealed partial class SyncOrderTests
{
    private const int SliceCount = 10;

    [Fact]
    public async Task Each_instance_is_synced_renamed_and_its_folder_synced_before_it_is_acknowledged()
    {
        using var scratch = new TempFolder("strace");
        var trace = scratch.Path("trace");
        var series = new CtSeriesBuilder { SliceCount = SliceCount };
        series.Write(scratch.Folder("series"));
        await using var gateway = await GatewayProcess.StartAsync(under: await StraceAsync(trace));

        var sent = await Dcmtk.StoreAsync(gateway.Port, GatewayProcess.AeTitle, scratch.Path("series"));
        Assert.True(sent.ExitCode == 0, sent.Everything);
        var placed = gateway.StoredFiles();
        await gateway.EndAsync();

        Assert.Equal(SliceCount, placed.Length);
        var calls = SystemCalls.Parse(await File.ReadAllLinesAsync(trace)).Where(call => call.Succeeded()).ToList();
        var answers = calls.Where(call => IsAnswer(call, gateway.Port)).OrderBy(call => call.Begin).ToList();
        var renames = calls.Where(call => call.Name.StartsWith("rename", StringComparison.Ordinal) && call.Text.Contains("/series/", StringComparison.Ordinal))
            .OrderBy(call => call.Begin).ToList();
        var syncs = calls.Where(call => call.Name is "fsync" or "fdatasync").ToList();
        Assert.Equal(SliceCount, answers.Count);
        Assert.Equal(SliceCount, renames.Count);

        var fileSyncs = 0;
        var folderSyncs = 0;
        for (var i = 0; i < SliceCount; i++)
        {
            // one association, one request at a time: the n-th rename and the n-th answer belong together
            var paths = Quoted().Matches(renames[i].Text).Select(match => match.Groups[1].Value).ToArray();
            var fileSync = Assert.Single(syncs, call => call.Text.Contains($"<{paths[0]}>", StringComparison.Ordinal));
            var folderSync = syncs.Where(call => call.Text.Contains($"<{Path.GetDirectoryName(paths[1])}>", StringComparison.Ordinal))
                .FirstOrDefault(call => call.Begin > renames[i].End && call.End < answers[i].Begin);

            Assert.True(fileSync.End < renames[i].Begin, $"file {i} was renamed before it was synced");
            Assert.True(renames[i].End < answers[i].Begin, $"file {i} was acknowledged before it was in place");
            Assert.True(folderSync is not null, $"no sync of the folder between rename and answer {i}");
            Assert.Contains(Path.GetFileName(paths[1]), placed.Select(Path.GetFileName));
            (fileSyncs, folderSyncs) = (fileSyncs + 1, folderSyncs + 1);
        }

        // and the series' own folder, once, in the folder of all series
        Assert.Contains(syncs, call => call.Text.Contains($"<{Path.Combine(gateway.Spool, "series")}>", StringComparison.Ordinal) && call.End < answers[0].Begin);
        Assert.Equal((SliceCount, SliceCount), (fileSyncs, folderSyncs));
        Assert.InRange(syncs.Count, 2 * SliceCount + 1, int.MaxValue);
    }

    /// <summary>A C-STORE response: a P-DATA-TF sent by the listening port.</summary>
    private static bool IsAnswer(SystemCall call, int port) =>
        call.Name is "sendto" or "sendmsg" or "write" or "writev" && call.Text.Contains($"127.0.0.1:{port}->", StringComparison.Ordinal)
        && call.Text.Contains("\"\\4\\0", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> StraceAsync(string trace)
    {
        var strace = Requirement.Tool("strace");
        var probe = await Dcmtk.RunAsync("strace", "-o", "/dev/null", "true");
        if (probe.ExitCode != 0)
            Assert.Skip($"No process may be traced here: {probe.Error}");
        return
        [
            strace, "-f", "--seccomp-bpf", "-yy", "-s", "16", "-qq", "-o", trace, "-e",
            "trace=fsync,fdatasync,rename,renameat,renameat2,sendto,sendmsg,writev", "--",
        ];
    }

    [GeneratedRegex("\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Quoted();
}
