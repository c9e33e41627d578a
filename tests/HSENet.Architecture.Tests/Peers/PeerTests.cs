using HSENet.TestKit;

namespace HSENet.Architecture.Tests.Peers;

/// <summary>The peers that other tests rely on do what those tests believe.</summary>
public sealed class PeerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Storescp_keeps_byte_for_byte_what_storescu_pushes()
    {
        var folder = SharedData.Path("data/chest-ct/mini-lidc-0314");
        await using var pacs = await StoreScpProcess.StartAsync();
        (await Dcmtk.StoreAsync(pacs.Port, pacs.AeTitle, folder)).Succeeded();
        var received = await pacs.WaitForFilesAsync(55, Deadline);
        Assert.Equal(Directory.GetFiles(folder, "*.dcm").Length, received.Count);
    }

    [Fact]
    public async Task Storescp_refuses_when_told_so()
    {
        await using var pacs = await StoreScpProcess.StartAsync(options: ["--refuse"]);
        var result = await Dcmtk.EchoAsync(pacs.Port, pacs.AeTitle);
        Assert.NotEqual(0, result.ExitCode);
    }

    [Fact]
    public async Task Orthanc_takes_a_series_finds_it_and_sends_it_on()
    {
        var folder = SharedData.Path("data/chest-ct/mini-lidc-0314");
        await using var pacs = await StoreScpProcess.StartAsync();
        await using var orthanc = await OrthancServer.StartAsync();
        (await Dcmtk.StoreAsync(orthanc.DicomPort, orthanc.AeTitle, folder)).Succeeded();
        Assert.Equal(55, (await orthanc.InstancesAsync()).Length);

        var series = Assert.Single(await orthanc.FindAsync("Series", ("Modality", "CT")));
        Assert.Empty(await orthanc.FindAsync("Series", ("Modality", "SR")));
        await orthanc.AddModalityAsync("pacs", pacs.AeTitle, pacs.Port);
        Assert.True(await orthanc.EchoAsync("pacs"));
        Assert.Equal((55, 0), await orthanc.StoreAsync("pacs", series));
        Assert.Equal(55, (await pacs.WaitForFilesAsync(55, Deadline)).Count);
        await orthanc.StopAsync();
    }

    [Fact]
    public async Task Test_database_is_the_owners_and_gone_afterwards()
    {
        string name, other;
        await using (var database = await TestDatabase.CreateAsync())
        {
            name = database.Name;
            Assert.Equal("hsenet_owner", await database.ScalarAsync<string>("SELECT current_user"));
            await database.ExecuteAsync("CREATE TABLE t (id int); GRANT SELECT ON t TO hsenet_service");

            // the service sees what it was granted and owns nothing; its connection does not keep the database alive
            await using var service = Npgsql.NpgsqlDataSource.Create(database.ServiceConnectionString);
            await using var connection = await service.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM t";
            Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
            command.CommandText = "DROP TABLE t";
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => command.ExecuteNonQueryAsync());
            await database.DisposeAsync();
            Assert.False(string.IsNullOrEmpty(name));
        }

        await using var witness = await TestDatabase.CreateAsync();
        other = witness.Name;
        Assert.Equal(0L, await witness.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname = '{name}'"));
        Assert.NotEqual(name, other);
    }

    [Fact]
    public async Task Validators_tell_a_good_document_from_a_damaged_one()
    {
        var files = Directory.GetFiles(SharedData.Path("data/sr"), "*.dcm");
        var verdicts = new List<bool>();
        foreach (var file in files)
            verdicts.Add((await Dsrdump.CheckAsync(file)) is { Errors.Count: 0, Result.ExitCode: 0 });
        Assert.Contains(true, verdicts);

        using var folder = new TempFolder();
        var cut = folder.Path("cut.dcm");
        await File.WriteAllBytesAsync(cut, (await File.ReadAllBytesAsync(files[0]))[..200]);
        Assert.NotEqual(0, (await Dsrdump.CheckAsync(cut)).Result.ExitCode);
    }
}
