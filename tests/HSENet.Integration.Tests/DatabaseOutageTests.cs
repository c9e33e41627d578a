using HSENet.TestKit;

namespace HSENet.Integration.Tests;

/// <summary>A database that goes away while the service runs.</summary>
public sealed class DatabaseOutageTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <summary>Long enough for every part of the service to notice.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task Is_one_line_when_it_begins_and_one_when_it_ends()
    {
        await using var postgres = await PrivatePostgres.StartNewAsync();
        await using var database = await TestDatabase.CreateAsync(postgres.Owner, postgres.Service);
        using var data = new TempFolder("outage");
        var port = FreePort.Next();
        var settings = new Dictionary<string, string?>
        {
            ["Database:ConnectionString"] = database.ServiceConnectionString,
            ["Database:MigrationConnectionString"] = database.OwnerConnectionString,
            ["Data:Directory"] = data.Root,
            ["Dicom:Port"] = $"{port}",
            ["Spool:MinimumFreeSpace"] = "1MiB",
        };
        var migrated = await WorkerProcess.RunAsync(["migrate"], Deadline, settings);
        Assert.True(migrated.ExitCode == 0, migrated.Everything);
        await using var worker = WorkerProcess.Start(["serve"], settings);
        await worker.WaitForLineAsync(line => line.Contains("listening", StringComparison.Ordinal), Deadline, "the service listens");
        var before = worker.Process.Lines.Count;

        await postgres.KillAsync();
        await worker.WaitForLineAsync(line => line.Contains("database.unreachable: ", StringComparison.Ordinal), Deadline, "the outage is told");
        var away = TimeProvider.System.GetTimestamp();
        await Until.TrueAsync(
            async () =>
            {
                await Dcmtk.EchoAsync(port, "HSENET"); // refused meanwhile: each is another part that notices
                return TimeProvider.System.GetElapsedTime(away) > Outage;
            },
            Deadline,
            "everybody has noticed");
        await postgres.StartAsync();
        await worker.WaitForLineAsync(line => line.Contains("The database answers again after ", StringComparison.Ordinal), Deadline, "the end is told");
        Assert.Equal(0, await worker.StopAsync(Deadline));

        var lines = worker.Process.Lines.Skip(before).Select(line => line.Text).ToList();
        Assert.Single(lines, line => Has(line, "database.unreachable: "));
        Assert.Single(lines, line => Has(line, "The database answers again after "));
        Assert.DoesNotContain(lines, line => Has(line, "   at ") || Has(line, "NpgsqlException") || Has(line, " works again after "));
        Assert.DoesNotContain(lines, line => Has(line, " fail: ") && !Has(line, "database.unreachable: "));

        static bool Has(string line, string text) => line.Contains(text, StringComparison.Ordinal);
    }
}
