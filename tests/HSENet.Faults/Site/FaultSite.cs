using HSENet.TestKit;
using HSENet.Worker.Persistence;

namespace HSENet.Faults.Site;

/// <summary>A hospital of one case: gateways and workers as processes on one database, one spool and one broker, and a PACS.</summary>
internal sealed class FaultSite : IAsyncDisposable
{
    /// <summary>Longer than a scanner waits before it tries again.</summary>
    public static readonly TimeSpan QuietPeriod = TimeSpan.FromSeconds(2);

    private readonly TempFolder _folder = new("faults");
    private readonly Dictionary<string, string> _settings;
    private readonly List<int> _ports = [];
    private readonly Standby? _standby;

    private FaultSite(FaultServers servers, TestDatabase database, SiteShape shape)
    {
        Servers = servers;
        Database = database;
        Shape = shape;
        _settings = new()
        {
            ["Database:ConnectionString"] = database.ServiceConnectionString + ";Maximum Pool Size=10",
            ["Dicom:AeTitle"] = "HSENET",
            ["Data:Directory"] = Data,
            ["Spool:MinimumFreeSpace"] = "0",
            ["Web:Url"] = "",
            ["Series:QuietPeriod"] = $"{QuietPeriod}",
            ["Series:Coverage"] = "record", // the series are a stretch of a chest
            ["Destinations:0:Name"] = "pacs",
            ["Destinations:0:AeTitle"] = FaultPacs.AeTitle,
            ["Destinations:0:Host"] = "127.0.0.1",
            ["Destinations:0:Port"] = $"{Pacs.Port}",
        };
        if (shape.Deadline is { } deadline)
            _settings["Series:Deadline"] = $"{deadline}";
        foreach (var (key, value) in servers.Broker.Settings)
            _settings[key] = value!;
        for (var i = 0; i < shape.Gateways; i++)
        {
            _ports.Add(FreePort.Next());
            Gateways.Add(Node($"gateway-{i + 1}", "gateway", ("Dicom:Port", $"{_ports[i]}")));
        }

        for (var i = 0; i < shape.Workers; i++)
            Workers.Add(Node($"worker-{i + 1}", "inference"));
        _standby = shape.Gateways > 1 ? new Standby(Gateways) : null;
    }

    public FaultServers Servers { get; }

    public TestDatabase Database { get; }

    public SiteShape Shape { get; }

    public FaultPacs Pacs { get; } = new();

    /// <summary>Of the service's processes, when the shape wants one.</summary>
    public FaultClock Clock { get; } = new();

    public List<NodeProcess> Gateways { get; } = [];

    public List<NodeProcess> Workers { get; } = [];

    /// <summary>The gateway that has the spool.</summary>
    public NodeProcess Gateway => _standby?.Working ?? Gateways[0];

    public NodeProcess Worker => Workers[0];

    public string Data => _folder.Path("data");

    public static async Task<FaultSite> OpenAsync(FaultServers servers, SiteShape shape)
    {
        var database = await TestDatabase.CreateAsync(servers.Postgres.Owner, servers.Postgres.Service);
        await Migrator.MigrateAsync(database.OwnerConnectionString, CancellationToken.None);
        var site = new FaultSite(servers, database, shape);
        try
        {
            await site.StartAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everything is gone, as after a lost server: an empty database of the same name.</summary>
    public async Task RemakeDatabaseAsync()
    {
        await Database.RecreateAsync();
        await Migrator.MigrateAsync(Database.OwnerConnectionString, CancellationToken.None);
    }

    /// <summary>The state of now, as an operator backs it up.</summary>
    public Task DumpAsync(string file) => Servers.Postgres.RunToolAsync("pg_dump", Database.Name, "-Fc", "-f", file);

    /// <summary>The database goes back to that state.</summary>
    public async Task RestoreAsync(string file)
    {
        await Database.RecreateAsync();
        await Servers.Postgres.RunToolAsync("pg_restore", Database.Name, "--exit-on-error", file);
    }

    /// <summary>Another gateway with the settings of the first and a folder of its own; not started.</summary>
    public NodeProcess NewGateway(string name, string data) => Node(name, "gateway", ("Dicom:Port", $"{FreePort.Next()}"), ("Data:Directory", data));

    public Scanner NewScanner() => new([.. _ports]);

    /// <summary>State of everything, for a message; of series that are receiving the associations that carried them.</summary>
    public async Task<string> StatesAsync() => await Database.ScalarAsync<string>("""
        select (select coalesce(string_agg(state || ' ' || n, ', '), 'none') from (select state || coalesce(' ' || refusal_code, '') as state, count(*) as n from series group by 1) s)
            || ' | jobs ' || (select coalesce(string_agg(state || ' ' || n, ', '), 'none') from (select state || coalesce(' ' || error_code, '') as state, count(*) as n from job group by 1) s)
            || ' | deliveries ' || (select coalesce(string_agg(state || ' ' || n, ', '), 'none') from (select state || coalesce(' ' || error_code, '') as state, count(*) as n from delivery group by 1) s)
            || ' | carriers ' || (select coalesce(string_agg(
                   format('%s %s-%s %s stored %s again %s', s.state, to_char(a.opened_at, 'MI:SS.MS'), to_char(coalesce(a.heard_at, a.closed_at), 'MI:SS.MS'),
                          coalesce(a.ending, 'open'), c.stored_count, c.duplicate_count), ', ' order by a.opened_at), 'none')
                     from association a join association_series c using (association_id) join series s using (series_key) where s.state = 'receiving')
        """) ?? "";

    /// <summary>The last words of every process.</summary>
    public string Tails() => string.Join("\n", Gateways.Concat(Workers).Select(n => $"-- {n.Name}\n{n.Process.Tail(60)}"));

    public async ValueTask DisposeAsync()
    {
        if (_standby is not null)
            await _standby.DisposeAsync();
        foreach (var node in Gateways.Concat(Workers))
            await node.DisposeAsync();
        Pacs.Dispose();
        Clock.Dispose();
        if (Shape.Tmpfs is not null)
            await Dcmtk.RunAsync("umount", "-l", Data);
        await Database.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAsync()
    {
        Directory.CreateDirectory(Data);
        if (Shape.Tmpfs is { } options)
            (await Dcmtk.RunAsync("mount", "-t", "tmpfs", "-o", options, "tmpfs", Data)).Succeeded();
        Pacs.Open();
        var workers = Workers.Select(w => w.StartAsync());
        await Gateways[0].StartAsync();
        await Task.WhenAll(workers);
        _standby?.Begin();
    }

    private NodeProcess Node(string name, string roles, params (string Key, string Value)[] further)
    {
        var settings = new Dictionary<string, string>(_settings) { ["Roles"] = roles };
        foreach (var (key, value) in further)
            settings[key] = value;
        return new NodeProcess(
            name, [.. settings.Where(s => s.Value.Length > 0 || s.Key == "Web:Url").Select(s => $"--HSENet:{s.Key}={s.Value}")], Shape.IsServiceClockFaked ? Clock.Environment : null);
    }
}
