using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary><c>check</c> as an operator runs it.</summary>
public sealed class CheckCommandTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Every_line_is_ok_beside_a_running_service_and_one_fails_when_the_PACS_is_gone()
    {
        await using var hospital = await Hospital.OpenAsync();
        var well = await hospital.CheckAsync();
        await hospital.Pacs.StopAsync();
        var ill = await hospital.CheckAsync();

        string[] lines =
        [
            "ok configuration", $"ok DICOM toolkit {HSENet.Dicom.Files.ToolkitIdentity.Text}", $"ok time zone {TimeZoneInfo.Local.Id}",
            $"ok {HSENet.Dicom.Codecs.Native.SystemCodec.Describe(HSENet.Dicom.Codecs.Native.SystemCodecs.Start(new()))}", "ok DICOM port", "ok web port", "ok data folder", "ok certificates", "ok database", "ok broker", "ok model directory",
            "ok spool space", "ok destination pacs",
        ];
        Assert.Equal(lines, Lines(well));
        Assert.Equal(0, well.ExitCode);
        Assert.Equal(lines[..^1], Lines(ill)[..^1]);
        Assert.StartsWith("fail destination pacs: ", Lines(ill)[^1], StringComparison.Ordinal);
        Assert.Equal((1, "error check.failed: 1 of 13 checks failed\n"), (ill.ExitCode, ill.Error));

        static string[] Lines(ToolResult result) => [.. result.Output.TrimEnd().Split('\n').Select(l => l.Split(" (now UTC")[0])];
    }

    [Fact]
    public async Task Health_is_that_of_the_running_process()
    {
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        string[] ask = [$"--HSENet:Web:Url={url}"];
        var nobody = await WorkerProcess.RunAsync(["health", .. ask], Deadline);
        await using var hospital = await Hospital.OpenAsync(settings => settings["Web:Url"] = url);
        await Until.TrueAsync(async () => (await WorkerProcess.RunAsync(["health", "ready", .. ask], Deadline)).ExitCode == 0, Deadline, "it is ready");
        var live = await WorkerProcess.RunAsync(["health", "live", "--json", .. ask], Deadline);
        var told = await WorkerProcess.RunAsync(["health", .. ask], Deadline);
        var usage = await WorkerProcess.RunAsync(["health", "fine", .. ask], Deadline);
        var none = await WorkerProcess.RunAsync(["health", "--HSENet:Web:Url="], Deadline);

        Assert.Equal((1, $"error web.unanswered: {url}/health/ready: HttpRequestException\n"), (nobody.ExitCode, nobody.Error));
        Assert.Equal((0, "{\"status\":\"live\"}\n"), (live.ExitCode, live.Output));
        Assert.Matches("^ready\nservice +ok", told.Output);
        Assert.Equal((2, 1), (usage.ExitCode, none.ExitCode));
        Assert.StartsWith("error web.none: ", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_is_named_and_a_wrong_argument_is_wrong_usage()
    {
        var invalid = await WorkerProcess.RunAsync(["check", "--HSENet:Dicom:Port=70000"], Deadline);
        var usage = await WorkerProcess.RunAsync(["check", "everything"], Deadline);

        Assert.StartsWith("fail configuration: HSENet:Dicom:Port must be 0 to 65535: it is 70000, the default is 11112\nfail ", invalid.Output, StringComparison.Ordinal);
        Assert.Equal("error check.failed: 1 of 7 checks failed, 6 could not be made\n", invalid.Error);
        Assert.Equal((1, 2), (invalid.ExitCode, usage.ExitCode));
    }
}
