using HSENet.TestKit;

namespace HSENet.Benchmarks.Receiving;

/// <summary>
/// DCMTK's <c>storescp +B</c>, which answers before anything is durable. Its durable twin has every file and the folder synced once the last answer has come, within the clock:
/// a promise weaker than ours (what was answered may be lost until then), so the comparison favours it.
/// </summary>
internal sealed class StoreScpReceiver(string name, bool isDurable, StoreScpProcess scp) : Receiver(name, scp.Port, scp.AeTitle)
{
    public static async Task<StoreScpReceiver> StartAsync(string name, bool isDurable) =>
        new(name, isDurable, await StoreScpProcess.StartAsync("STORESCP", ["--fork", "-q"]));

    public override async Task FinishAsync()
    {
        var files = scp.Files();
        if (isDurable)
            await Dcmtk.RunAsync("sync", [.. files, Path.GetDirectoryName(files[0])!], TimeSpan.FromMinutes(2));
    }

    public override Task ClearAsync()
    {
        foreach (var file in scp.Files())
            File.Delete(file);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => scp.DisposeAsync();
}

/// <summary>Orthanc with its storage synced or not (<c>SyncStorageArea</c>).</summary>
internal sealed class OrthancReceiver(string name, OrthancServer server) : Receiver(name, server.DicomPort, server.AeTitle)
{
    public static async Task<OrthancReceiver> StartAsync(string name, bool isDurable) =>
        new(name, await OrthancServer.StartAsync("ORTHANC", configuration => configuration["SyncStorageArea"] = isDurable));

    public override ValueTask DisposeAsync() => server.DisposeAsync();
}
