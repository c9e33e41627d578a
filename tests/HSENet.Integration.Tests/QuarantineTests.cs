using System.Text.Json;
using HSENet.TestKit;
using HSENet.Worker.Commands;
using HSENet.Worker.Configuration;
using HSENet.Worker.Ingest;

namespace HSENet.Integration.Tests;

public sealed class QuarantineTests
{
    private static readonly CtSeriesBuilder s_series = new() { SliceCount = 3 };

    private static readonly CtSeriesBuilder s_other = s_series with { EditPixels = (_, p) => [(byte)(p[0] ^ 1), .. p[1..]] };

    [Fact]
    public async Task An_operator_lists_shows_and_empties_it_and_the_audit_tells()
    {
        await using var world = await KeptAsync();
        var list = await RunAsync(world, "list", "--json");
        var names = list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["instance.conflict", "instance.conflict", "instance.conflict", "dicom.format"], names.Select(n => n.GetProperty("reason").GetString()));
        Assert.All(names, n => Assert.Equal("CT1", n.GetProperty("source_ae").GetString()));
        Assert.Equal(s_series.StudyUid, names[0].GetProperty("study_uid").GetString());

        var text = await RunAsync(world, "list");
        Assert.StartsWith("FILE      KEPT AT UTC                 SIZE  REASON                    SOURCE\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("4 files, ", text.Output, StringComparison.Ordinal);
        Assert.All(text.Output.Split('\n'), line => Assert.True(line.Length <= 100, line));
        var shown = await RunAsync(world, "show", names[3].GetProperty("name").GetString()![..10]);
        Assert.Contains("dicom.format: ", shown.Output, StringComparison.Ordinal);
        Assert.StartsWith("error quarantine.unknown: ", (await RunAsync(world, "show", "nothing")).Error, StringComparison.Ordinal);

        var one = await RunAsync(world, "empty", names[0].GetProperty("name").GetString()!);
        Assert.StartsWith("1 file deleted", one.Output, StringComparison.Ordinal);
        var all = await RunAsync(world, "empty", "--json");
        Assert.Equal(3, JsonDocument.Parse(all.Output).RootElement.GetProperty("files").GetInt32());
        Assert.Empty(Files(world));
        Assert.Equal(["1 operator", "3 operator"], await world.QueryAsync<string>(
            "select (details::jsonb ->> 'files') || ' ' || reason from audit.event where event = 'quarantine.emptied' and actor like 'user:%' order by event_id"));
        Assert.Equal([0L], await world.QueryAsync<long>("select count(*) from quarantined"));
    }

    [Fact]
    public async Task The_oldest_make_way_when_it_is_full()
    {
        await using var world = await KeptAsync(settings => settings.Quarantine.MaximumSize = new ByteSize(7000));

        var left = Files(world);
        Assert.InRange(left.Sum(f => new FileInfo(f).Length), 1, 7000);
        Assert.Contains("quarantine.emptied quarantine.size", await world.AuditAsync());
        Assert.Equal([(long)left.Length], await world.QueryAsync<long>("select count(*) from quarantined"));
        Assert.Equal((left.Length, left.Sum(f => new FileInfo(f).Length)), world.Get<Quarantine>().Held);
    }

    [Fact]
    public async Task Very_many_small_files_make_way_too()
    {
        await using var world = await KeptAsync(settings => settings.Quarantine.MaximumSize = new ByteSize(1 << 20));
        var sender = await world.ConnectAsync();
        for (var i = 0; i < 120; i++)
            Assert.Equal(0xC000, (await sender.StoreAsync([.. new byte[500], (byte)i], s_series.SliceUid(0))).Status);
        await sender.EndAsync();

        Assert.InRange(Files(world).Length, 90, 100);
        Assert.InRange((await world.AuditAsync()).Count(row => row == "quarantine.emptied quarantine.size"), 1, 10); // not one for each
    }

    [Fact]
    public async Task What_is_older_than_the_retention_goes_and_the_rest_stays()
    {
        await using var world = await KeptAsync();
        foreach (var file in Files(world).Take(2))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));

        Assert.Equal(2, await world.Get<Quarantine>().RunAsync(CancellationToken.None));
        Assert.Equal(2, Files(world).Length);
        Assert.Equal(0, await world.Get<Quarantine>().RunAsync(CancellationToken.None));
        Assert.Single(await world.AuditAsync(), row => row == "quarantine.emptied quarantine.retention");
    }

    [Fact]
    public async Task Without_a_data_folder_the_command_says_where_it_belongs()
    {
        await using var world = await KeptAsync();
        world.Settings.Data.Directory = "/nowhere";
        Assert.StartsWith("error spool.directory: ", (await RunAsync(world, "list")).Error, StringComparison.Ordinal);
    }

    /// <summary>Three instances with other pixels, each sent twice, and one that is no DICOM.</summary>
    private static async Task<ServiceWorld> KeptAsync(Action<WorkerSettings>? change = null)
    {
        var world = await ServiceWorld.CreateAsync(change);
        await world.PushAsync(s_series);
        await world.PushAsync(s_other);
        await world.PushAsync(s_other);
        var sender = await world.ConnectAsync();
        Assert.Equal(0xC000, (await sender.StoreAsync(new byte[500], s_series.SliceUid(0))).Status);
        Assert.Equal(0xC000, (await sender.StoreAsync(new byte[500], s_series.SliceUid(0))).Status);
        await sender.EndAsync();
        return world;
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(ServiceWorld world, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(
            [
                "quarantine", .. arguments, $"--HSENet:Data:Directory={world.Settings.Data.Directory}",
                $"--HSENet:Database:ConnectionString={world.Settings.Database.ConnectionString}",
            ],
            output,
            error);
        return (code, output.ToString(), error.ToString());
    }

    private static string[] Files(ServiceWorld world) => Directory.GetFiles(Path.Combine(world.Spool, "quarantine"));
}
