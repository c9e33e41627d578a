using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary>Gateway and inference as processes of their own over RabbitMQ, with the demonstration model.</summary>
public sealed class TwoProcessTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_series_comes_back_as_one_report_though_the_inference_is_killed_in_the_middle()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var broker = await TestBroker.CreateAsync();
        await using var pacs = await StoreScpProcess.StartAsync("PACS");
        using var data = new TempFolder();
        var port = FreePort.Next();
        var settings = new Dictionary<string, string?>(broker.Settings)
        {
            ["Database:ConnectionString"] = database.ServiceConnectionString,
            ["Database:MigrationConnectionString"] = database.OwnerConnectionString,
            ["Dicom:Port"] = $"{port}",
            ["Data:Directory"] = data.Path("data"),
            ["Spool:MinimumFreeSpace"] = "64MiB",
            ["Series:QuietPeriod"] = "00:00:01",
            ["Destinations:0:Name"] = "pacs",
            ["Destinations:0:AeTitle"] = pacs.AeTitle,
            ["Destinations:0:Host"] = "127.0.0.1",
            ["Destinations:0:Port"] = $"{pacs.Port}",
        };
        (await WorkerProcess.RunAsync(["migrate"], Deadline, settings)).Succeeded();
        await using var gateway = Start(settings, "gateway");
        await gateway.WaitForLineAsync(l => l.Contains("listening", StringComparison.Ordinal), Deadline, "the gateway listens");
        await using var first = Start(settings, "inference");
        await first.WaitForLineAsync(l => l.Contains("answers", StringComparison.Ordinal), Deadline, "the inference runs");
        new CtSeriesBuilder().Write(data.Path("series"));
        (await Dcmtk.StoreAsync(port, "HSENET", data.Path("series"))).Succeeded();
        await first.WaitForLineAsync(l => l.Contains("claimed, attempt 1", StringComparison.Ordinal), Deadline, "the job runs");
        first.Kill();
        await using var second = Start(settings, "inference");
        await pacs.WaitForFilesAsync(1, Deadline);
        Assert.Equal(0, await second.StopAsync(Deadline));

        Assert.Single(pacs.Files());
        Assert.Equal("drafted 2", await database.ScalarAsync<string>("select state || ' ' || attempt from job"));
        Assert.DoesNotContain("torch", await File.ReadAllTextAsync($"/proc/{gateway.Process.Id}/maps"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, await gateway.StopAsync(Deadline));
    }

    private static WorkerProcess Start(Dictionary<string, string?> settings, string role) =>
        WorkerProcess.Start(["serve"], new Dictionary<string, string?>(settings) { ["Roles"] = role });
}
