using System.Globalization;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary>What the README tells somebody to type brings up the production stack and a report to the PACS.</summary>
public sealed class ReadmeTests
{
    private const string Heading = "The production stack on a clean machine";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);

    /// <summary>
    /// The block is run by a shell as it stands, after lines that give this run a database, a virtual host, a spool and ports of its own; DIR is a series, and the port of the
    /// README the one in use. It publishes with the command that the container files publish with.
    /// </summary>
    [Fact]
    public async Task The_block_of_the_production_stack_ends_with_a_report_at_the_PACS()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var broker = await TestBroker.CreateAsync();
        using var folder = new TempFolder("readme");
        var series = new CtSeriesBuilder { Identity = $"readme-{Guid.NewGuid():N}" };
        series.Write(folder.Path("series"));
        var (dicom, web, second) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        var block = Block();
        var services = block[0]; // up.sh and its addresses; ours win over them
        string[] own =
        [
            .. broker.Settings.Where(pair => pair.Key != "Queue:Transport").Select(pair => Export(pair.Key, pair.Value)),
            Export("Database:ConnectionString", database.ServiceConnectionString),
            Export("Database:MigrationConnectionString", database.OwnerConnectionString),
            Export("Data:Directory", folder.Path("data")),
            Export("Spool:MinimumFreeSpace", "64MiB"),
            Export("Series:QuietPeriod", "00:00:02"),
            Export("Series:Coverage", "record"), // the series are a stretch of a chest
            Export("Dicom:Port", $"{dicom}"),
            Export("Web:Url", $"http://127.0.0.1:{web}"),
        ];
        var rest = block[1..].Select(line => line
            .Replace("127.0.0.1 11112", $"127.0.0.1 {dicom}", StringComparison.Ordinal)
            .Replace(":8081", $":{second}", StringComparison.Ordinal)
            .Replace(" DIR ", $" {folder.Path("series")} ", StringComparison.Ordinal)
            .Replace("0020,000D ", $"0020,000D={series.StudyUid} ", StringComparison.Ordinal));
        var script = folder.Path("block.sh");
        await File.WriteAllLinesAsync(script, ["set -e -o pipefail", services, .. own, .. rest]);
        var wasUp = LocalEnvironment.Get("HSENET_TEST_ORTHANC_HTTP") is not null;
        try
        {
            var environment = new Dictionary<string, string?>
            {
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["UseSharedCompilation"] = "false",
                ["RunAnalyzers"] = "false", // the build of the tests has run them over the same lines
            };
            await using var shell = ChildProcess.Start(Requirement.Tool("bash"), ["-m", script], environment, Repo.Root);
            Assert.True(await shell.WaitForExitAsync(Deadline) == 0, shell.Tail(80));

            string[] checks =
            [
                "ok configuration", $"ok DICOM toolkit {HSENet.Dicom.Files.ToolkitIdentity.Text}", $"ok time zone {TimeZoneInfo.Local.Id}",
            $"ok {HSENet.Dicom.Codecs.Native.SystemCodec.Describe(HSENet.Dicom.Codecs.Native.SystemCodecs.Start(new()))}", "ok DICOM port", "ok web port", "ok data folder", "ok certificates", "ok database", "ok broker", "ok model directory",
                "ok spool space", "ok destination orthanc",
            ];
            Assert.Equal(checks, shell.Lines.Select(line => line.Text.Split(" (now UTC")[0]).Where(text => text.StartsWith("ok ", StringComparison.Ordinal)));
            Assert.Equal("drafted stored", await database.ScalarAsync<string>("select j.state || ' ' || d.state from job j join delivery d using (job_id)"));
            Assert.Equal(2, shell.Lines.Count(line => line.Text.EndsWith("HSENet has stopped", StringComparison.Ordinal)));
            await AssertReportAsync(series.StudyUid);
        }
        finally
        {
            if (!wasUp)
                await Dcmtk.RunAsync("bash", [Repo.Path("deploy", "dev", "down.sh"), "orthanc"]);
        }
    }

    [Theory]
    [InlineData("deploy/Dockerfile.worker")]
    [InlineData("deploy/Dockerfile.gateway")]
    public void The_container_files_publish_with_the_command_of_the_block(string file)
    {
        var command = Block().Single(line => line.StartsWith("dotnet publish ", StringComparison.Ordinal));
        Assert.Contains("RUN " + command.Replace(".local/worker", "/app", StringComparison.Ordinal), File.ReadLines(Repo.Path(file)));
    }

    private static async Task AssertReportAsync(string studyUid)
    {
        using var http = new HttpClient { BaseAddress = new Uri(LocalEnvironment.Get("HSENET_TEST_ORTHANC_HTTP")!) };
        var query = $$"""{ "Level": "Series", "Query": { "StudyInstanceUID": "{{studyUid}}", "Modality": "SR" } }""";
        using var answer = await http.PostAsync(new Uri("/tools/find", UriKind.Relative), new StringContent(query));
        var report = Assert.Single(System.Text.Json.JsonSerializer.Deserialize<string[]>(await answer.Content.ReadAsStringAsync())!);
        using var deleted = await http.DeleteAsync(new Uri($"/series/{report}", UriKind.Relative));
        Assert.True(deleted.IsSuccessStatusCode);
    }

    private static string[] Block()
    {
        var lines = File.ReadAllLines(Repo.Path("README.md"));
        var begin = Array.FindIndex(lines, line => line.StartsWith(Heading, StringComparison.Ordinal));
        Assert.True(begin >= 0, $"the README has no paragraph that begins with '{Heading}'");
        return [.. lines[begin..].SkipWhile(line => line != "```sh").Skip(1).TakeWhile(line => line != "```")];
    }

    private static string Export(string key, string? value) =>
        string.Create(CultureInfo.InvariantCulture, $"export HSENet__{key.Replace(":", "__", StringComparison.Ordinal)}='{value}'");
}
