using HSENet.TestKit;

namespace HSENet.Benchmarks.Receiving;

/// <summary>
/// DCMTK's <c>storescp +B</c>, which answers before anything is durable. Its durable twins: each file synced at its close, before its answer (a preloaded fclose, where a C
/// compiler is); or every file and the folder synced once the last answer has come, within the clock, a promise weaker than ours.
/// </summary>
internal sealed class StoreScpReceiver(string name, bool isSyncedAtEnd, StoreScpProcess scp, TempFolder folder) : Receiver(name, scp.Port, scp.AeTitle)
{
    public const string Compiler = "/usr/bin/cc";

    private readonly HashSet<string> _synced = [];

    public static async Task<StoreScpReceiver> StartAsync(string name, bool isSyncedAtEnd = false, bool isSyncedEach = false)
    {
        var folder = new TempFolder("bench-storescp");
        var environment = new Dictionary<string, string?>();
        if (isSyncedEach)
        {
            environment["LD_PRELOAD"] = folder.Path("sync-on-close.so");
            var source = Repo.Path("tests", "HSENet.Benchmarks", "Receiving", "sync-on-close.c");
            var built = await Dcmtk.RunAsync("cc", "-O2", "-shared", "-fPIC", "-o", environment["LD_PRELOAD"]!, source, "-ldl");
            if (built.ExitCode != 0)
                throw new InvalidOperationException(built.Everything);
        }

        return new(name, isSyncedAtEnd, await StoreScpProcess.StartAsync("STORESCP", ["--fork", "-q"], environment: environment), folder);
    }

    public override async Task FinishAsync()
    {
        if (!isSyncedAtEnd)
            return;
        var files = scp.Files().Where(_synced.Add).ToArray();
        await Dcmtk.RunAsync("sync", [.. files, Path.GetDirectoryName(files[0])!], TimeSpan.FromMinutes(2));
    }

    public override async ValueTask DisposeAsync()
    {
        await scp.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>Orthanc with its storage synced or not (<c>SyncStorageArea</c>).</summary>
internal sealed class OrthancReceiver(string name, OrthancServer server) : Receiver(name, server.DicomPort, server.AeTitle)
{
    public static async Task<OrthancReceiver> StartAsync(string name, bool isDurable) =>
        new(name, await OrthancServer.StartAsync("ORTHANC", configuration => configuration["SyncStorageArea"] = isDurable));

    public override ValueTask DisposeAsync() => server.DisposeAsync();
}
