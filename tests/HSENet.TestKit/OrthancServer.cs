using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HSENet.TestKit;

/// <summary>A private Orthanc as the PACS: DICOM and REST on free loopback ports, storage in a temporary folder.</summary>
public sealed class OrthancServer : IAsyncDisposable
{
    // the names as written: Orthanc knows "AET", not "aet"
    private static readonly JsonSerializerOptions AsWritten = new();

    private readonly TempFolder _folder;
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private OrthancServer(TempFolder folder, ChildProcess process, HttpClient http, string aeTitle, int dicomPort)
    {
        _folder = folder;
        _process = process;
        _http = http;
        AeTitle = aeTitle;
        DicomPort = dicomPort;
    }

    /// <summary>Its application entity title.</summary>
    public string AeTitle { get; }

    /// <summary>Where it takes associations.</summary>
    public int DicomPort { get; }

    /// <summary>Its REST interface, for what the methods below do not cover.</summary>
    public HttpClient Http => _http;

    /// <summary>What it said, for a message.</summary>
    public string Log => _process.Tail(100);

    /// <summary>Starts it and waits until it answers. <paramref name="configure"/> may change its configuration before.</summary>
    public static async Task<OrthancServer> StartAsync(string aeTitle = "ORTHANC", Action<JsonObject>? configure = null)
    {
        var program = Requirement.Tool("Orthanc");
        var folder = new TempFolder("orthanc");
        var (http, dicom) = (FreePort.Next(), FreePort.Next());
        var configuration = Configuration(folder, aeTitle, http, dicom);
        configure?.Invoke(configuration);
        var file = folder.Path("orthanc.json");
        await File.WriteAllTextAsync(file, configuration.ToJsonString());
        var process = ChildProcess.Start(program, [file], Dcmtk.NoDelay, folder.Root);
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}/"), Timeout = TimeSpan.FromMinutes(2) };
        var server = new OrthancServer(folder, process, client, aeTitle, dicom);
        try
        {
            await Until.TrueAsync(server.IsReadyAsync, TimeSpan.FromSeconds(60), () => $"Orthanc answers; it said\n{process.Tail()}");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells it about a peer on this machine under <paramref name="name"/>; needed before echo and store.</summary>
    public async Task AddModalityAsync(string name, string aeTitle, int port)
    {
        var peer = new { AET = aeTitle, Host = "127.0.0.1", Port = port, AllowStorageCommitment = true };
        using var response = await _http.PutAsJsonAsync($"modalities/{name}", peer, AsWritten);
        await EnsureAsync(response);
    }

    /// <summary>C-ECHO to a peer: whether it answered.</summary>
    public async Task<bool> EchoAsync(string modality)
    {
        using var response = await _http.PostAsJsonAsync($"modalities/{modality}/echo", new { });
        return response.IsSuccessStatusCode;
    }

    /// <summary>C-STORE of a patient, study, series or instance (Orthanc's own ids) to a peer. Returns sent and failed counts.</summary>
    public async Task<(int Sent, int Failed)> StoreAsync(string modality, params string[] resources)
    {
        var order = new { Resources = resources, Synchronous = true };
        using var response = await _http.PostAsJsonAsync($"modalities/{modality}/store", order, AsWritten);
        await EnsureAsync(response);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.GetProperty("InstancesCount").GetInt32(), answer.GetProperty("FailedInstancesCount").GetInt32());
    }

    /// <summary>Asks a peer to commit to patients, studies, series or instances (Orthanc's own ids). Returns the transaction.</summary>
    public async Task<string> RequestCommitmentAsync(string modality, params string[] resources)
    {
        using var response = await _http.PostAsJsonAsync($"modalities/{modality}/storage-commitment", new { Resources = resources }, AsWritten);
        await EnsureAsync(response);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ID").GetString()!;
    }

    /// <summary>What became of a transaction: Pending, Success or Failure, the UIDs of instances that are kept, and of those that are not with the reason.</summary>
    public async Task<(string Status, string[] Kept, (string Uid, int Reason)[] Failed)> CommitmentAsync(string transaction)
    {
        var answer = await GetAsync<JsonElement>($"storage-commitment/{transaction}");
        string[] kept = answer.TryGetProperty("Success", out var success) ? [.. success.EnumerateArray().Select(i => i.GetProperty("SOPInstanceUID").GetString()!)] : [];
        (string, int)[] failed = answer.TryGetProperty("Failures", out var failures)
            ? [.. failures.EnumerateArray().Select(i => (i.GetProperty("SOPInstanceUID").GetString()!, i.GetProperty("FailureReason").GetInt32()))]
            : [];
        return (answer.GetProperty("Status").GetString()!, kept, failed);
    }

    /// <summary>Puts a DICOM file into Orthanc over REST and returns the instance's id.</summary>
    public async Task<string> UploadAsync(string file)
    {
        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file));
        using var response = await _http.PostAsync(new Uri("instances", UriKind.Relative), content);
        await EnsureAsync(response);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ID").GetString()!;
    }

    /// <summary>The ids of all instances.</summary>
    public Task<string[]> InstancesAsync() => GetAsync<string[]>("instances");

    /// <summary>The ids of all series.</summary>
    public Task<string[]> SeriesAsync() => GetAsync<string[]>("series");

    /// <summary>The ids of all studies.</summary>
    public Task<string[]> StudiesAsync() => GetAsync<string[]>("studies");

    /// <summary>
    /// The ids that match; <paramref name="level"/> is Study, Series or Instance, the query as in
    /// <c>("StudyInstanceUID", "1.2.3"), ("Modality", "SR")</c>.
    /// </summary>
    public async Task<string[]> FindAsync(string level, params (string Keyword, string Value)[] query)
    {
        var question = new { Level = level, Query = query.ToDictionary(q => q.Keyword, q => q.Value) };
        using var response = await _http.PostAsJsonAsync("tools/find", question, AsWritten);
        await EnsureAsync(response);
        return await response.Content.ReadFromJsonAsync<string[]>() ?? [];
    }

    /// <summary>The attributes of an instance under their keywords.</summary>
    public Task<JsonElement> TagsAsync(string instance) => GetAsync<JsonElement>($"instances/{instance}/tags?simplify");

    /// <summary>The DICOM file of an instance as stored.</summary>
    public Task<byte[]> FileAsync(string instance) => _http.GetByteArrayAsync(new Uri($"instances/{instance}/file", UriKind.Relative));

    /// <summary>Reads JSON from a path of the REST interface.</summary>
    public async Task<T> GetAsync<T>(string path)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        await EnsureAsync(response);
        return (await response.Content.ReadFromJsonAsync<T>())!;
    }

    /// <summary>Stops it (SIGTERM, after a while SIGKILL); its storage stays until it is disposed of.</summary>
    public async Task StopAsync()
    {
        try
        {
            await _process.TerminateAsync(TimeSpan.FromSeconds(15));
        }
        catch (TimeoutException)
        {
            // killed meanwhile
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private static JsonObject Configuration(TempFolder folder, string aeTitle, int http, int dicom) => new()
    {
        ["Name"] = "TESTPACS",
        ["StorageDirectory"] = folder.Folder("storage"),
        ["IndexDirectory"] = folder.Path("storage"),
        ["TemporaryDirectory"] = folder.Folder("tmp"),
        ["HttpPort"] = http,
#pragma warning disable CA1507 // Orthanc's key, not the property's name
        ["DicomPort"] = dicom,
#pragma warning restore CA1507
        ["DicomAet"] = aeTitle,
        ["RemoteAccessAllowed"] = false,
        ["AuthenticationEnabled"] = false,
        ["OverwriteInstances"] = true,
        ["StableAge"] = 2,
        ["MaximumPduLength"] = 131072,
        ["SyncStorageArea"] = false,
        ["DicomAlwaysAllowFind"] = true,
        ["Plugins"] = new JsonArray(),
        ["DicomModalities"] = new JsonObject(),
    };

    private async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"Orthanc ended:\n{_process.Tail()}");
        try
        {
            using var response = await _http.GetAsync(new Uri("system", UriKind.Relative));
            return response.IsSuccessStatusCode && ListeningSockets.Contains(DicomPort);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task EnsureAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"Orthanc answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }
}
