using System.Numerics;
using System.Text.Json;
using HSENet.TestKit;
using HSENet.Worker.Configuration;

namespace HSENet.Integration.Tests;

/// <summary>What the check of pixels makes of a series that goes the whole way, and where it is told.</summary>
public sealed class ContentTests
{
    private static readonly CtSeriesBuilder s_abdomen = new()
    {
        Identity = "abdomen", SliceCount = 30, Hu = p => p.Z > 40 ? CtSeriesBuilder.Chest(p) : Tissue(p),
    };

    private static readonly CtSeriesBuilder s_chest = new()
    {
        Identity = "chest", SliceCount = 40, Hu = p => MathF.Abs(p.Z) < 75 ? CtSeriesBuilder.Chest(p) : Tissue(p),
    };

    [Theory]
    [InlineData("abdomen", "content.other-region")]
    [InlineData("no lung", "content.no-lung")]
    [InlineData("turned", "content.orientation")]
    [InlineData("shifted", "content.hu")]
    public async Task A_gateway_with_no_settings_of_its_own_refuses_what_is_no_chest(string what, string code)
    {
        var series = what switch
        {
            "abdomen" => s_abdomen,
            "no lung" => s_chest with { Hu = Tissue },
            "turned" => s_chest with { Hu = p => InDisc(p, 0, -70, 20) ? 700 : s_chest.Hu(p) },
            _ => s_chest with { Hu = p => s_chest.Hu(p) + 220 },
        };
        using var folder = new TempFolder("content");
        series.Write(folder.Root);
        await using var gateway = await RunningGateway.StartAsync("--HSENet:Series:Coverage=partial");
        (await Dcmtk.StoreAsync(gateway.Port, "HSENET", folder.Root)).Succeeded();
        await gateway.UntilAsync("select state || ' ' || refusal_code from series where state = 'refused'", $"refused {code}");
        Assert.Equal([$"failed {code}"], await gateway.QueryAsync<string>("select state || ' ' || error_code from job"));
        Assert.Equal(0, await gateway.CountAsync("select count(*) from draft"));
        Assert.Equal([code], await gateway.QueryAsync<string>("select reason from audit.event where event = 'series.refused'"));
    }

    [Fact]
    public async Task A_whole_chest_is_reported_on_as_complete_and_a_part_of_one_as_PARTIAL()
    {
        await using var world = await WorldAsync();
        await ReportAsync(world, s_chest);
        await ReportAsync(world, new() { Identity = "part" });
        Assert.Equal(["", "content.coverage"], await world.QueryAsync<string>(
            "select coalesce(manifest->'input'->'content'->'notes'->0->>'code', '') from draft order by 1"));
        Assert.Equal(["false", "true"], await world.QueryAsync<string>(
            "select manifest->'input'->'content'->>'is_partial' from draft order by 1"));
    }

    [Theory]
    [InlineData("shadow", "refuse")]
    [InlineData("draft", "record")]
    public async Task What_is_recorded_only_is_told_in_audit_and_by_jobs_and_studies_and_its_report_says_PARTIAL(string route, string mode)
    {
        await using var world = await WorldAsync(s =>
        {
            s.Series.Content.Mode = mode;
            s.Routes.Add(new RouteOptions { Name = "only", When = "Modality == \"CT\"", Mode = route });
        });
        await ReportAsync(world, s_abdomen);

        string[] codes = ["content.other-region", "content.coverage"];
        var details = Assert.Single(await world.QueryAsync<string>("select details from audit.event where event = 'job.drafted'"));
        Assert.Equal(codes, Codes(JsonDocument.Parse(details).RootElement.GetProperty("content")));
        var job = Assert.Single(await world.QueryAsync<string>("select job_id::text from job"));
        foreach (var command in (string[][])[["jobs", "show", job], ["studies", "show", s_abdomen.StudyUid]])
        {
            var text = await RunAsync(world, command);
            Assert.Contains("PARTIAL", text, StringComparison.Ordinal);
            Assert.All(codes, c => Assert.Contains($"recorded {c}: ", text, StringComparison.Ordinal));
        }

        var json = JsonDocument.Parse(await RunAsync(world, "jobs", "show", job, "--json")).RootElement;
        Assert.Equal(codes, Codes(json.GetProperty("job").GetProperty("content_notes")));
    }

    [Fact]
    public async Task A_report_without_notes_tells_none()
    {
        await using var world = await WorldAsync();
        await ReportAsync(world, s_chest);
        Assert.DoesNotContain("recorded", await RunAsync(world, "studies", "show", s_chest.StudyUid), StringComparison.Ordinal);
        Assert.Equal([false], await world.QueryAsync<bool>(
            "select details::jsonb ? 'content' from audit.event where event = 'job.drafted'"));
    }

    [Fact]
    public async Task Thresholds_that_a_site_sets_decide()
    {
        await using var strict = await WorldAsync(s => s.Series.Content.LeastLungShare = 0.9);
        await ReportAsync(strict, s_chest);
        Assert.Equal(["content.no-lung"], await strict.QueryAsync<string>("select error_code from job"));

        await using var lenient = await WorldAsync(s => s.Series.Content.LeastLungExtentMm = 20);
        await ReportAsync(lenient, s_abdomen);
        Assert.Equal(["drafted"], await lenient.QueryAsync<string>("select state from job"));

        await using var whole = await WorldAsync(s => s.Series.Coverage = "refuse");
        await ReportAsync(whole, new());
        Assert.Equal(["content.coverage"], await whole.QueryAsync<string>("select error_code from job"));
    }

    [Fact]
    public async Task A_thin_stretch_of_a_chest_does_not_come_before_the_whole_of_it()
    {
        await using var world = await WorldAsync();
        var stretch = s_chest with { Identity = "stretch", SliceCount = 40, SliceSpacingMm = 1.5 };
        stretch = stretch with { Edit = (_, d) => d.AddOrUpdate(FellowOakDicom.DicomTag.StudyInstanceUID, s_chest.StudyUid) };
        await world.PushAsync(stretch);
        await world.PushAsync(s_chest with { Edit = (_, d) => d.AddOrUpdate(FellowOakDicom.DicomTag.PatientID, "BUILT-stretch") });
        await world.SweepSeriesAsync();
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
        Assert.Equal([s_chest.SeriesUid], await world.QueryAsync<string>(
            "select series_uid from job join series using (series_key) where job.state = 'drafted'"));
    }

    private static async Task ReportAsync(ServiceWorld world, CtSeriesBuilder series)
    {
        await world.PushAsync(series);
        await world.SweepSeriesAsync();
        await world.RunJobsAsync();
    }

    /// <summary>With the setting that a site has.</summary>
    private static Task<ServiceWorld> WorldAsync(Action<WorkerSettings>? change = null) => ServiceWorld.CreateAsync(s =>
    {
        s.Series.Coverage = new SeriesOptions().Coverage;
        change?.Invoke(s);
    });

    private static string[] Codes(JsonElement notes) => [.. notes.EnumerateArray().Select(n => n.GetString()!.Split(':')[0])];

    private static int Tissue(Vector3 p) => CtSeriesBuilder.Chest(p) == -1000 ? -1000 : 40;

    private static bool InDisc(Vector3 p, float x, float y, float radius) => new Vector2(p.X - x, p.Y - y).Length() < radius;

    private static async Task<string> RunAsync(ServiceWorld world, params string[] arguments)
    {
        using var output = new StringWriter();
        var code = await Worker.Commands.CommandLine.RunAsync(
            [.. arguments, $"--HSENet:Database:ConnectionString={world.Settings.Database.ConnectionString}"], output, TextWriter.Null);
        Assert.Equal(0, code);
        return output.ToString();
    }
}
