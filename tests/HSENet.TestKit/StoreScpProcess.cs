namespace HSENet.TestKit;

/// <summary>DCMTK's storescp as the PACS: files arrive byte for byte (<c>+B</c>) in a folder of its own.</summary>
public sealed class StoreScpProcess : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly ChildProcess _process;

    private StoreScpProcess(TempFolder folder, ChildProcess process, int port, string aeTitle)
    {
        _folder = folder;
        _process = process;
        Port = port;
        AeTitle = aeTitle;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Its own title; it takes any called title.</summary>
    public string AeTitle { get; }

    /// <summary>Where the received files are.</summary>
    public string Folder => _folder.Root;

    /// <summary>What it said, for a message.</summary>
    public string Log => _process.Tail(200);

    /// <summary>Starts it with further options, such as <c>--refuse</c>, <c>--abort-during</c>, <c>-xi</c>, <c>-xf</c> (then it takes what that file says and not all), and waits until it listens.</summary>
    /// <param name="aeTitle">Its own title.</param>
    /// <param name="options">Further options.</param>
    /// <param name="port">Null: a free one.</param>
    /// <param name="environment">Further variables.</param>
    public static async Task<StoreScpProcess> StartAsync(
        string aeTitle = "STORESCP", IEnumerable<string>? options = null, int? port = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var storescp = Requirement.Tool("storescp");
        var folder = new TempFolder("storescp");
        var listenPort = port ?? FreePort.Next();
        var process = ChildProcess.Start(
            storescp,
            ["-v", "-aet", aeTitle, "-od", folder.Root, "+B", .. options?.Contains("-xf") == true ? Array.Empty<string>() : ["+xa"], "-pdu", "131072", .. options ?? [], $"{listenPort}"],
            environment is null ? Dcmtk.NoDelay : Dcmtk.NoDelay.Concat(environment).ToDictionary());
        var started = new StoreScpProcess(folder, process, listenPort, aeTitle);
        try
        {
            // asked of the kernel: a probing connection would be an association that ends badly, and would count for --abort-after
            await Until.TrueAsync(
                () => process.HasExited || ListeningSockets.Contains(listenPort), TimeSpan.FromSeconds(20), "storescp listens");
            if (process.HasExited)
                throw new InvalidOperationException($"storescp ended:\n{process.Tail()}");
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>The files received up to now, oldest first.</summary>
    public IReadOnlyList<string> Files() => [.. new DirectoryInfo(_folder.Root).GetFiles().OrderBy(f => f.LastWriteTimeUtc).Select(f => f.FullName)];

    /// <summary>Waits until at least <paramref name="count"/> files are there.</summary>
    public async Task<IReadOnlyList<string>> WaitForFilesAsync(int count, TimeSpan deadline)
    {
        await Until.TrueAsync(() => Task.FromResult(Files().Count >= count), deadline, () => $"{count} files at storescp; it has {Files().Count}\n{Log}");
        return Files();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
