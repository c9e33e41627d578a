using System.Net;
using System.Text.Json;
using FellowOakDicom;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary><c>serve</c> with routes in a settings file: a scanner on one side, Orthanc on the other, an HTTP client at the web.</summary>
public sealed class RoutingTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Two_routes_give_the_pacs_one_report_keep_the_shadow_and_change_while_serving()
    {
        var web = $"http://127.0.0.1:{FreePort.Next()}";
        await using var hospital = await Hospital.OpenAsync(
            s => s["Web:Url"] = web,
            Settings("""{ "Name": "chest", "When": "SeriesDescription matches \"(?i)chest\"", "Priority": "stat" }"""));
        using var folder = new TempFolder();
        var first = new CtSeriesBuilder();
        first.Write(folder.Path("first"));
        await hospital.PushAsync(folder.Path("first"));
        await hospital.WaitForDeliveriesAsync(1);
        await UntilAsync(hospital, "select count(*)::text from job where state = 'drafted'", "2");

        Assert.Single(await hospital.ReportsAsync(first.StudyUid));
        Assert.Equal("chest pacs", await hospital.Database.ScalarAsync<string>("select route || ' ' || destination from delivery join job using (job_id)"));
        Assert.Equal(
            "chest", await hospital.Database.ScalarAsync<string>("select route from audit.event join job using (job_id) where event = 'job.started' order by event_id limit 1"));
        await CheckWebAsync(web);

        // a wrong change is refused and the old routes go on; a right one counts from the next series
        await File.WriteAllTextAsync(hospital.SettingsFile, Settings("""{ "Name": "chest", "When": "SeriesDescription matches" }"""));
        await UntilAsync(hospital, "select reason from audit.event where event = 'routes.changed' order by event_id desc limit 1", "configuration.invalid");
        await File.WriteAllTextAsync(hospital.SettingsFile, Settings("""{ "Name": "chest", "When": "Modality == \"CT\"", "Mode": "off" }"""));
        await UntilAsync(hospital, "select details::jsonb->>'in_force' from audit.event where event = 'routes.changed' order by event_id desc limit 1", "chest (off), trial (shadow)");
        var second = new CtSeriesBuilder { Identity = "b" };
        second.Write(folder.Path("second"));
        await hospital.PushAsync(folder.Path("second"));
        await UntilAsync(hospital, "select count(*)::text from job where state = 'drafted'", "3");

        Assert.Equal("trial", await hospital.Database.ScalarAsync<string>("select route from job order by created_at desc limit 1"));
        Assert.Empty(await hospital.ReportsAsync(second.StudyUid));
        Assert.Equal(1, await hospital.Database.ScalarAsync<long>("select count(*) from delivery"));
    }

    [Fact]
    public async Task Routes_test_tells_which_route_matches_and_why()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.Path("appsettings.json"), Settings(
            """{ "Name": "chest", "When": "SeriesDescription matches \"(?i)chest\" and SliceThickness <= 5 and not PatientName == \"X\"", "Priority": "stat" }"""));
        new CtSeriesBuilder { SliceCount = 1 }.Write(folder.Path("ct"));
        new CtSeriesBuilder { SliceCount = 1, Edit = (_, d) => d.AddOrUpdate(DicomTag.Modality, "MR") }.Write(folder.Path("mr"));
        File.WriteAllText(folder.Path("text.dcm"), "no DICOM");
        var destination = new Dictionary<string, string?> { ["Destinations:0:Name"] = "pacs", ["Destinations:0:AeTitle"] = "PACS", ["Destinations:0:Host"] = "pacs" };

        var matched = await RunAsync("ct/000.dcm");
        Assert.Equal((0, ""), (matched.ExitCode, matched.Error));
        Assert.Equal(
            """
            ct/000.dcm
              route chest matches: draft, model Demo, stat, the best series of each study, to pacs
                + and
                  + SeriesDescription matches "(?i)chest"  (Chest 5 mm)
                  + SliceThickness <= 5  (5)
                  + not
                    - PatientName == "X"  (not shown)
              route trial matches: shadow, model Demo, routine, every series, delivered to nobody
                + Modality == "CT"  (CT)
            """,
            matched.Output.TrimEnd());
        var unmatched = await RunAsync("ct/000.dcm", "mr/000.dcm", "--HSENet:Routes:0:Mode=off");
        Assert.Equal(3, unmatched.ExitCode);
        Assert.Contains("refused route.none: 1 of 2", unmatched.Error, StringComparison.Ordinal);
        Assert.Contains("route chest is off", unmatched.Output, StringComparison.Ordinal);
        var unread = await RunAsync("text.dcm");
        Assert.Equal(1, unread.ExitCode);
        Assert.Matches("^error dicom\\.[a-z-]+: text\\.dcm: ", unread.Error);
        var wrong = await RunAsync("ct/000.dcm", "--HSENet:Routes:1:Model=nowhere");
        Assert.Equal(1, wrong.ExitCode);
        Assert.StartsWith("error configuration.invalid: HSENet:Routes:1:Model nowhere", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync()).ExitCode);

        Task<ToolResult> RunAsync(params string[] arguments) => WorkerProcess.RunAsync(["routes", "test", .. arguments], Deadline, destination, folder.Root);
    }

    private static string Settings(string firstRoute) =>
        $$"""
        { "HSENet": { "Routes": [
          {{firstRoute}},
          { "Name": "trial", "When": "Modality == \"CT\"", "Mode": "shadow", "PerStudy": "all" }
        ] } }
        """;

    private static async Task CheckWebAsync(string web)
    {
        using var client = new HttpClient { BaseAddress = new Uri(web) };
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
        using var ready = JsonDocument.Parse(await client.GetStringAsync("/health/ready"));
        Assert.Equal("ready", ready.RootElement.GetProperty("status").GetString());
        Assert.Equal(
            ["broker ok", "database ok", "destinations ok", "model ok", "scp ok", "service ok", "spool ok"],
            ready.RootElement.GetProperty("dependencies").EnumerateObject().Select(d => $"{d.Name} {d.Value.GetProperty("state").GetString()}").Order());
        var metrics = await client.GetStringAsync("/metrics");
        foreach (var stage in (string[])["read", "preprocess", "encode", "prefill", "decode"])
            Assert.Matches($$"""(?m)^hsenet_stage_duration_seconds_count\{[^}]*stage="{{stage}}"[^}]*\} 2\b""", metrics);
        Assert.Matches("""(?m)^hsenet_deliveries_attempted_total\{[^}]*outcome="stored"[^}]*\} 1\b""", metrics);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/")).StatusCode);
    }

    private static Task UntilAsync(Hospital hospital, string sql, string expected)
    {
        string? seen = null;
        return Until.TrueAsync(
            async () => (seen = await hospital.Database.ScalarAsync<string>(sql)) == expected, Deadline, () => $"{sql} gives {expected}; it gives {seen}\n{hospital.Worker.Process.Tail()}");
    }
}
