using System.Text.Json;
using System.Text.RegularExpressions;
using FellowOakDicom;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary><c>demo</c>: the README's first command, without the script around it.</summary>
public sealed class DemoCommandTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);
    private static readonly byte[] PngSignature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    [Fact]
    public async Task Demo_sends_a_phantom_prints_the_report_and_writes_five_files()
    {
        using var scratch = new TempFolder();

        var run = await RunAsync("demo", "--out", scratch.Root);

        Assert.True(run.ExitCode == 0, run.Everything);
        await AssertFilesAsync(scratch.Root, run.Output, "phantom");

        // what was drawn is told, and nothing else
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(scratch.Root, "summary.json")));
        var drawn = summary.RootElement.GetProperty("drawn").EnumerateArray().Select(finding => finding.GetString()!).ToArray();
        Assert.Equal(["small right pleural effusion", "left pneumothorax", "cardiomegaly"], drawn);
        Assert.Contains($"chest phantom with {string.Join(", ", drawn)}", run.Output, StringComparison.Ordinal);
        var sentences = (await File.ReadAllTextAsync(Path.Combine(scratch.Root, "report.txt"))).ReplaceLineEndings(" ").Split('.', StringSplitOptions.TrimEntries);
        AssertPresent(sentences, "effusion|fluid", "right", "left");
        AssertPresent(sentences, "pneumothorax", "left", "right");
        AssertPresent(sentences, "cardiomegaly|heart is enlarged|heart is wide|enlarged heart", "", "neither");
        Assert.All(
            sentences.Where(sentence => Regex.IsMatch(sentence, "consolidation|nodule|hernia|emphysema|lymph node|calcif", RegexOptions.IgnoreCase)),
            sentence => Assert.Matches("(?i)^no |free of|without", sentence));
    }

    /// <summary>A sentence tells it, on that side and not on the other, and none denies it.</summary>
    private static void AssertPresent(string[] sentences, string words, string side, string otherSide)
    {
        var told = sentences.Where(sentence => Regex.IsMatch(sentence, words, RegexOptions.IgnoreCase) && !sentence.Contains("pericardial", StringComparison.OrdinalIgnoreCase)).ToArray();
        Assert.NotEmpty(told);
        Assert.All(told, sentence => Assert.DoesNotMatch("(?i)^no |^there is no|not |free of", sentence));
        Assert.Contains(told, sentence => sentence.Contains(side, StringComparison.OrdinalIgnoreCase));
        Assert.All(told, sentence => Assert.DoesNotContain(otherSide, sentence, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Demo_sends_a_real_series_again_and_again()
    {
        var series = SharedData.Path("data/chest-ct/mini-lidc-0314");
        using var scratch = new TempFolder();
        for (var i = 0; i < 2; i++)
        {
            var run = await RunAsync("demo", "--dicom", series, "--out", scratch.Root);

            Assert.True(run.ExitCode == 0, run.Everything);
            await AssertFilesAsync(scratch.Root, run.Output, "folder");
        }
    }

    [Fact]
    public async Task Demo_of_a_series_that_is_refused_says_why_and_leaves_no_report()
    {
        var series = SharedData.Path("data/gantry-tilt/philips-phantom-tilt-18.5");
        using var scratch = new TempFolder();
        await File.WriteAllTextAsync(scratch.Path("report.txt"), "of an earlier run");

        var run = await RunAsync("demo", "--dicom", series, "--out", scratch.Root);

        Assert.True(run.ExitCode == 3, run.Everything);
        Assert.Contains("refused geometry.tilted: ", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(scratch.Path("report.txt")));
        Assert.False(File.Exists(scratch.Path("report.dcm")));
        Assert.Contains("series.refused", await File.ReadAllTextAsync(scratch.Path("audit.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_of_a_folder_with_a_damaged_slice_is_refused_rather_than_reported_as_whole()
    {
        using var scratch = new TempFolder();
        var folder = scratch.Folder("series");
        foreach (var file in Directory.GetFiles(SharedData.Path("data/bad-input/series/00-good"), "*.dcm").Order())
            File.Copy(file, Path.Combine(folder, Path.GetFileNameWithoutExtension(file)));
        var last = Directory.GetFiles(folder).Order().Last();
        await File.WriteAllBytesAsync(last, []);

        var demo = await RunAsync("demo", "--dicom", folder, "--out", scratch.Path("out"));
        var process = await RunAsync("process", folder, "--out", scratch.Path("report.dcm"));

        Assert.True(demo.ExitCode == 3, demo.Everything);
        Assert.Contains("refused instance.unreadable: ", demo.Error, StringComparison.Ordinal);
        Assert.True(process.ExitCode == 3, process.Everything);
    }

    [Theory]
    [InlineData("10-with-localizer", 0, "")]
    [InlineData("03-duplicate-sop-uid", 3, "refused instance.conflict: ")]
    [InlineData("09-two-patients-one-study", 3, "refused series.mixed: ")]
    public async Task Demo_judges_a_folder_as_process_does(string series, int exitCode, string message)
    {
        var folder = SharedData.Path($"data/bad-input/series/{series}");
        using var scratch = new TempFolder();

        var run = await RunAsync("demo", "--dicom", folder, "--out", scratch.Root);

        Assert.True(run.ExitCode == exitCode, run.Everything);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(scratch.Path("summary.json")));
    }

    [Fact]
    public async Task Demo_sends_to_none_of_the_users_destinations_and_needs_none_of_their_sources()
    {
        await using var pacs = await StoreScpProcess.StartAsync();
        using var scratch = new TempFolder();
        var settings = new Dictionary<string, string?>
        {
            ["Destinations:1:Name"] = "real",
            ["Destinations:1:AeTitle"] = pacs.AeTitle,
            ["Destinations:1:Host"] = "127.0.0.1",
            ["Destinations:1:Port"] = $"{pacs.Port}",
            ["Destinations:0:Name"] = "other",
            ["Destinations:0:AeTitle"] = "OTHER",
            ["Destinations:0:Host"] = "127.0.0.1",
            ["Destinations:0:Port"] = "104",
            ["Dicom:Sources:0:AeTitle"] = "SCANNER",
            ["Dicom:Sources:0:Address"] = "10.0.0.0/8",
        };

        var run = await RunAsync(settings, "demo", "--dicom", SharedData.Path("data/bad-input/series/00-good"), "--out", scratch.Root);

        Assert.True(run.ExitCode == 0, run.Everything);
        Assert.Empty(pacs.Files());
    }

    private static Task<ToolResult> RunAsync(params string[] arguments) => RunAsync([], arguments);

    private static async Task<ToolResult> RunAsync(Dictionary<string, string?> more, params string[] arguments)
    {
        // The demo makes and drops its own database; the test's only names the server.
        await using var database = await TestDatabase.CreateAsync();
        var settings = new Dictionary<string, string?>(more)
        {
            ["Database:ConnectionString"] = database.ServiceConnectionString,
            ["Database:MigrationConnectionString"] = database.OwnerConnectionString,
        };
        var run = await WorkerProcess.RunAsync(arguments, Deadline, settings);
        await AssertNothingIsLeftBehindAsync(database);
        return run;
    }

    private static async Task AssertNothingIsLeftBehindAsync(TestDatabase database)
    {
        Assert.Equal(0, await database.ScalarAsync<long>("select count(*) from pg_tables where schemaname in ('public', 'audit')"));
        Assert.Equal(0, await database.ScalarAsync<long>(@"select count(*) from pg_database where datname like 'hsenet\_demo\_%' and datdba = to_regrole(current_user)"));
    }

    private static async Task AssertFilesAsync(string folder, string output, string source)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(folder, "report.txt"));
        Assert.Contains("Not reviewed by a radiologist", text, StringComparison.Ordinal);
        Assert.Contains("demonstration model, trained on synthetic phantoms only, not for clinical use", text, StringComparison.Ordinal);
        Assert.Contains(text.Trim(), output, StringComparison.Ordinal);

        var report = Path.Combine(folder, "report.dcm");
        await Dciodvfy.IsCleanReportAsync(report);
        (await Dsrdump.CheckAsync(report)).AreClean();
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "summary.json")));
        Assert.Equal("drafted", summary.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(source, summary.RootElement.GetProperty("source").GetString());
        Assert.Equal(
            DicomFile.Open(report).Dataset.GetString(DicomTag.SOPInstanceUID),
            summary.RootElement.GetProperty("report_sop_instance_uid").GetString());

        var preview = await File.ReadAllBytesAsync(Path.Combine(folder, "preview.png"));
        Assert.Equal(PngSignature, preview[..8]);
        var audit = await File.ReadAllLinesAsync(Path.Combine(folder, "audit.jsonl"));
        var events = audit.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()).ToList();
        Assert.Contains("series.closed", events);
        Assert.Contains("delivery.stored", events);
    }
}
