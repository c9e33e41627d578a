using System.Text.Json;
using FellowOakDicom;
using HSENet.Dicom.Phantoms;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary><c>process</c>: no network, no database.</summary>
public sealed class ProcessCommandTests
{
    private const int PipeCapacity = 64 << 10; // pipe(7)
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);
    private static readonly string[] NegationWords = ["No ", "not ", "neither", "free of"];

    [Theory]
    [InlineData("data/chest-ct/lung-dx-a0001-lung", "25ea476e500e8e1b7d794a9c805c1ada4c12a313be9c453da36e76d776353b92", 64)]
    [InlineData("data/chest-ct/mini-lidc-0314", "9c27b708f5e1166b5476e7c136edd0e2589a5a0f214647c2f23aeb8c456b1e32", 55)]
    public async Task Process_writes_a_valid_report_and_says_which_voxels_it_read(string series, string huSha256, int slices)
    {
        using var scratch = new TempFolder();
        var (report, json) = (scratch.Path("report.dcm"), scratch.Path("report.json"));

        var run = await WorkerProcess.RunAsync(["process", SharedData.Path(series), "--out", report, "--json", json], Deadline);

        Assert.True(run.ExitCode == 0, run.Everything);
        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        var root = result.RootElement;
        Assert.Equal("drafted", root.GetProperty("outcome").GetString());
        Assert.Equal(huSha256, root.GetProperty("hu_sha256").GetString());
        Assert.Equal(slices, root.GetProperty("slices").GetArrayLength());
        Assert.True(root.GetProperty("tokens").GetInt32() > 0);
        Assert.True(root.GetProperty("seconds").GetProperty("total").GetDouble() > 0);
        Assert.NotEqual("", root.GetProperty("text").GetProperty("findings").GetString());
        Assert.Equal(64, root.GetProperty("model").GetProperty("digest").GetString()!.Length);
        await Dciodvfy.IsCleanReportAsync(report);
        (await Dsrdump.CheckAsync(report)).AreClean();
        Assert.Equal("UNVERIFIED", DicomFile.Open(report).Dataset.GetString(DicomTag.VerificationFlag));
    }

    [Theory]
    [InlineData(PhantomSide.Right, "right")]
    [InlineData(PhantomSide.Left, "left")]
    public async Task The_report_of_a_phantom_series_tells_what_was_drawn(PhantomSide side, string word)
    {
        var seed = Enumerable.Range(900_000, 10_000).First(seed =>
            ChestPhantom.CreateCase((ulong)seed, 4, 8, 8, new()).Findings is [{ Kind: PhantomFindingKind.PleuralEffusion } only] && only.Side == side);
        using var scratch = new TempFolder();
        var series = scratch.Folder("series");
        PhantomSeries.Write(ChestPhantom.CreateCase((ulong)seed, 64, 256, 256, new()).Volume, series, Guid.NewGuid());
        var json = scratch.Path("report.json");

        var run = await WorkerProcess.RunAsync(["process", series, "--out", scratch.Path("report.dcm"), "--json", json], Deadline);

        Assert.True(run.ExitCode == 0, run.Everything);
        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        var findings = result.RootElement.GetProperty("text").GetProperty("findings").GetString()!;
        var told = findings.Split('.').Where(sentence => sentence.Contains("effusion", StringComparison.OrdinalIgnoreCase)).ToArray();
        Assert.True(told.Any(sentence => sentence.Contains($" {word}", StringComparison.OrdinalIgnoreCase)), findings);
        Assert.True(told.All(sentence => !NegationWords.Any(no => sentence.Contains(no, StringComparison.OrdinalIgnoreCase))), findings);
        Assert.Equal("stop", result.RootElement.GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task A_question_is_answered_and_no_report_is_written()
    {
        using var scratch = new TempFolder();
        var (report, json) = (scratch.Path("report.dcm"), scratch.Path("answer.json"));
        await File.WriteAllTextAsync(report, "of an earlier run");
        var model = scratch.Path("model");
        Directory.CreateDirectory(model);
        foreach (var file in Directory.GetFiles(Repo.Path("Model", "Demo")))
        {
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        }

        var configuration = Path.Combine(model, "hsenet.json");
        await File.WriteAllTextAsync(configuration, (await File.ReadAllTextAsync(configuration)).Replace("1.0.0-phantoms", "another one", StringComparison.Ordinal));

        var run = await WorkerProcess.RunAsync(
            [
                "process", SharedData.Path("data/chest-ct/mini-lidc-0314"), "--out", report, "--ask", "Where is the nodule?", "--json", json,
                $"--HSENet:Model:Directory={model}", "--HSENet:Model:Precision=int8",
            ],
            Deadline);

        Assert.True(run.ExitCode == 0, run.Everything);
        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        var root = result.RootElement;
        Assert.Equal("answered", root.GetProperty("outcome").GetString());
        Assert.Equal("another one", root.GetProperty("model").GetProperty("version").GetString());

        // the answer, and below it why it is not whole: this one was cut
        Assert.Equal("length", root.GetProperty("finish_reason").GetString());
        Assert.Equal("text.incomplete", root.GetProperty("reason").GetString());
        var lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(root.GetProperty("answer").GetString(), string.Join('\n', lines[..^1]));
        Assert.StartsWith("[incomplete: ", lines[^1], StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("text").ValueKind);
        Assert.Equal(55, root.GetProperty("slices").GetArrayLength());
        Assert.Equal("9c27b708f5e1166b5476e7c136edd0e2589a5a0f214647c2f23aeb8c456b1e32", root.GetProperty("hu_sha256").GetString());
        Assert.Equal("of an earlier run", await File.ReadAllTextAsync(report));
        Assert.Contains("demonstration model", run.Error, StringComparison.Ordinal);
    }

    /// <summary>
    /// A folder as of a CD: beside the slices a program, a FIFO, a device, a socket's kin and names with control characters. Nothing of it
    /// is opened but regular files, all of it is named, and the report says the site's time.
    /// </summary>
    [Fact]
    public async Task What_is_no_slice_is_named_and_a_FIFO_keeps_nobody_waiting()
    {
        using var scratch = new TempFolder();
        var (folder, report, json) = (scratch.Folder("cd"), scratch.Path("report.dcm"), scratch.Path("report.json"));
        foreach (var file in Directory.GetFiles(SharedData.Path("data/found/b13c-name-case")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        (await Dcmtk.RunAsync("mkfifo", Path.Combine(folder, "pipe"))).Succeeded();
        File.CreateSymbolicLink(Path.Combine(folder, "link"), Path.Combine(folder, "pipe"));
        File.CreateSymbolicLink(Path.Combine(folder, "zero"), "/dev/zero");
        await File.WriteAllTextAsync(Path.Combine(folder, "view\u001b[31m\ner.exe"), "MZ");

        var run = await WorkerProcess.RunAsync(["process", folder, "--out", report, "--json", json, "--HSENet:Report:TimeZone=Asia/Kathmandu"], Deadline);

        Assert.True(run.ExitCode == 0, run.Everything);
        Assert.DoesNotContain('\u001b', run.Everything);
        Assert.Contains("note folder.not-dicom: 4 files are no DICOM instances:\n  link\n  pipe\n  view [31m er.exe\n  zero\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("note patient.name: ", run.Error, StringComparison.Ordinal);
        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        var notes = result.RootElement.GetProperty("notes").EnumerateArray().ToList();
        Assert.Equal(["folder.not-dicom", "patient.name", "content.coverage"], notes.Select(n => n.GetProperty("code").GetString()));
        Assert.Equal(["link", "pipe", "view [31m er.exe", "zero"], notes[0].GetProperty("files").EnumerateArray().Select(f => f.GetString()));
        Assert.Equal("4403315599133d6a7230e463c8551b5117a54a265b05dcc3cc30b650d378f0df", result.RootElement.GetProperty("hu_sha256").GetString());
        var written = DicomFile.Open(report).Dataset;
        Assert.Equal("+0545", written.GetString(DicomTag.TimezoneOffsetFromUTC));
        var content = DateTimeOffset.ParseExact(
            written.GetString(DicomTag.ContentDate) + written.GetString(DicomTag.ContentTime) + "+05:45", "yyyyMMddHHmmsszzz", System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange((TimeProvider.System.GetUtcNow() - content).TotalMinutes, 0, 5);
        await Dciodvfy.IsCleanReportAsync(report);
        Assert.Empty(Directory.GetFiles(scratch.Root, "*.part"));
    }

    [Theory]
    [InlineData("data/found/b37-gap-beside-dose-report", "refused geometry.gap: ")]
    [InlineData("data/found/b04-sq-tag-with-text-implicit", "refused instance.unreadable: 24 of 24 files cannot be read as DICOM (24 x dicom.unparsed)")]
    [InlineData("data/found/b08-two-kernels-interleaved", "refused series.mixed: Convolution Kernel differs")]
    public async Task The_reason_is_that_of_the_series_that_mattered(string folder, string message)
    {
        using var scratch = new TempFolder();
        var run = await WorkerProcess.RunAsync(["process", SharedData.Path(folder), "--out", scratch.Path("report.dcm")], Deadline);
        Assert.True(run.ExitCode == 3, run.Everything);
        Assert.StartsWith(message, run.Error, StringComparison.Ordinal);
    }

    /// <summary>While the model is loaded, which hears of no cancellation; no report is left behind, whole or not.</summary>
    [Fact]
    public async Task SIGTERM_ends_it_at_once()
    {
        using var scratch = new TempFolder();
        await using var worker = WorkerProcess.Start(["process", SharedData.Path("data/chest-ct/lung-dx-a0001-lung"), "--out", scratch.Path("report.dcm")]);
        await Until.TrueAsync(
            async () => (await File.ReadAllTextAsync($"/proc/{worker.Process.Id}/maps")).Contains("libtorch", StringComparison.Ordinal), Deadline, "the model is loaded");

        await EndsAtOnceAsync(worker, scratch);
    }

    /// <summary>The notes are told when the folder was read: what comes next is the model's work.</summary>
    [Fact]
    public async Task SIGTERM_ends_it_at_once_while_the_model_generates()
    {
        using var scratch = new TempFolder();
        await using var worker = WorkerProcess.Start(
            ["process", SharedData.Path("data/found/b13c-name-case"), "--out", scratch.Path("report.dcm"), "--json", scratch.Path("report.json")]);
        await Until.TrueAsync(
            () => worker.Process.Text(isError: true).Contains("note patient.name: ", StringComparison.Ordinal), Deadline, "the folder is read");

        await EndsAtOnceAsync(worker, scratch);
    }

    /// <summary>The disk takes no more, which a full FIFO stands for: what the program has opened it is about to write.</summary>
    [Theory]
    [InlineData("report.dcm.part")]
    [InlineData("report.json.part")]
    public async Task SIGTERM_ends_it_at_once_while_it_writes(string held)
    {
        using var scratch = new TempFolder();
        (await Dcmtk.RunAsync("mkfifo", scratch.Path(held))).Succeeded();
        await using var fifo = new FileStream(scratch.Path(held), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        await fifo.WriteAsync(new byte[PipeCapacity]);
        await using var worker = WorkerProcess.Start(
            ["process", SharedData.Path("data/chest-ct/lung-dx-a0001-lung"), "--out", scratch.Path("report.dcm"), "--json", scratch.Path("report.json")]);
        await Until.TrueAsync(() => OpenFiles.Of(worker.Process.Id).Contains(scratch.Path(held)), Deadline, "the file is open");

        await EndsAtOnceAsync(worker, scratch);
    }

    private static async Task EndsAtOnceAsync(WorkerProcess worker, TempFolder outputs)
    {
        var exitCode = await worker.Process.TerminateAsync(TimeSpan.FromSeconds(5));

        Assert.True(exitCode == 1, worker.Process.Tail());
        Assert.EndsWith("error host.cancelled: stopped before it was done\n", worker.Process.Text(isError: true), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(outputs.Root));
    }

    [Fact]
    public async Task A_question_that_is_none_has_a_code()
    {
        var run = await WorkerProcess.RunAsync(["process", SharedData.Path("data/chest-ct/mini-lidc-0314"), "--ask", "   "], Deadline);
        Assert.True(run.ExitCode == 1, run.Everything);
        Assert.Contains("error model.question: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_series_in_JPEG_2000_gets_a_report()
    {
        using var scratch = new TempFolder();
        var report = scratch.Path("report.dcm");
        var run = await WorkerProcess.RunAsync(["process", SharedData.Path("data/chest-ct/lung-dx-a0001-soft-j2k"), "--out", report], Deadline);
        Assert.True(run.ExitCode == 0, run.Everything);
        Assert.True(File.Exists(report));
    }

    [Theory]
    [InlineData("spectral selection", "pixels.compressed")]
    [InlineData("data/localizers", "series.localizer")]
    public async Task Process_refuses_with_a_reason_and_writes_no_report(string series, string reason)
    {
        using var scratch = new TempFolder();
        var (report, json) = (scratch.Path("report.dcm"), scratch.Path("report.json"));
        var input = series.StartsWith("data", StringComparison.Ordinal) ? SharedData.Path(series) : await SpectralSelectionAsync(scratch);

        var run = await WorkerProcess.RunAsync(["process", input, "--out", report, "--json", json], Deadline);

        Assert.True(run.ExitCode == 3, run.Everything);
        Assert.Contains($"refused {reason}: ", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(report));
        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        Assert.Equal("refused", result.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(reason, result.RootElement.GetProperty("reason").GetString());
    }

    /// <summary>A series in a retired compression (1.2.840.10008.1.2.4.53) that nothing here decodes.</summary>
    private static async Task<string> SpectralSelectionAsync(TempFolder scratch)
    {
        var compressed = scratch.Folder("compressed");
        foreach (var file in new CtSeriesBuilder { Rows = 64, Columns = 64 }.Write(scratch.Folder("raw")))
            Assert.Equal(0, (await Dcmtk.RunAsync("dcmcjpeg", "+es", file, Path.Combine(compressed, Path.GetFileName(file)))).ExitCode);
        return compressed;
    }

    [Fact]
    public async Task Process_gives_every_series_of_the_bad_input_a_report_or_a_reason_and_leaves_no_old_report()
    {
        var root = SharedData.Path("data/bad-input/series");
        string[] sound = ["00-good", "10-with-localizer", "11-shuffled", "12-mixed-rescale", "14-no-instance-number", "15-prone-feet-first", "20-padding"];
        using var scratch = new TempFolder();
        var report = scratch.Path("report.dcm");
        foreach (var folder in Directory.GetDirectories(root).Order())
        {
            await File.WriteAllTextAsync(report, "of an earlier run");
            var run = await WorkerProcess.RunAsync(["process", folder, "--out", report], Deadline);

            var isSound = sound.Contains(Path.GetFileName(folder));
            Assert.True(run.ExitCode == (isSound ? 0 : 3), $"{folder}: {run.Everything}");
            Assert.Equal(isSound, File.Exists(report));
            Assert.Equal(!isSound, run.Error.StartsWith("refused ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(2, "process", ".", "--out", "")]
    [InlineData(2, "process", ".", "--out", "x.dcm", "--json", "x.dcm")]
    [InlineData(1, "process", ".", "--out", "tests")]
    [InlineData(2, "process")]
    [InlineData(2, "process", "somewhere")]
    [InlineData(2, "process", "somewhere", "--out")]
    [InlineData(2, "process", "somewhere", "--out", "x.dcm", "--unknown", "1")]
    [InlineData(1, "process", "no-such-folder", "--out", "x.dcm")]
    [InlineData(1, "process", ".", "--out", "no-such-folder/x.dcm")]
    [InlineData(1, "demo", "--dicom", "no-such-folder", "--out", ".local/no-demo")]
    [InlineData(2, "no-such-command")]
    public async Task Wrong_usage_and_missing_folders_have_their_exit_codes(int exitCode, params string[] arguments)
    {
        var run = await WorkerProcess.RunAsync(arguments, Deadline);

        Assert.True(run.ExitCode == exitCode, run.Everything);
        Assert.NotEqual("", run.Error);
    }
}
