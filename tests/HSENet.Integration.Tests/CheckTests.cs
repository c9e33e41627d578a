using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using HSENet.TestKit;
using HSENet.Worker;
using HSENet.Worker.Checks;
using HSENet.Worker.Configuration;
using HSENet.Worker.Persistence;

namespace HSENet.Integration.Tests;

/// <summary>Each line of <c>check</c>, good and bad.</summary>
public sealed class CheckTests : IAsyncDisposable
{
    private static readonly string[] Names =
        ["configuration", "DICOM port", "web port", "data folder", "certificates", "database", "broker", "model directory", "spool space"];

    private readonly TempFolder _folder = new("check");
    private readonly StandInDisk _disk = new();
    private readonly TestAuthority _authority = new();
    private TestDatabase? _database;

    [Fact]
    public async Task All_is_well_with_a_PACS_that_answers()
    {
        await using var pacs = await StoreScpProcess.StartAsync("PACS");
        var settings = await SettingsAsync();
        settings.Destinations.Add(new DestinationOptions { Name = "pacs", AeTitle = "PACS", Host = "127.0.0.1", Port = pacs.Port });
        var results = await RunAsync(settings);

        var lines = results.Select(r => $"{r}").ToList();
        Assert.Matches($"^ok time zone {System.Text.RegularExpressions.Regex.Escape(TimeZoneInfo.Local.Id)} \\(now UTC[+-][0-9:]+\\)$", Assert.Single(lines, l => l.StartsWith("ok time zone ", StringComparison.Ordinal)));
        string[] own = ["time zone", "toolkit", "codecs"]; // each with more than its name
        Assert.Equal([.. Names.Select(n => $"ok {n}"), "ok destination pacs"], lines.Where(l => !own.Any(o => l.Contains(o, StringComparison.Ordinal))));
        Assert.StartsWith("ok codecs: JPEG-LS (", Assert.Single(lines, l => l.Contains("codecs", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains($"ok DICOM toolkit {HSENet.Dicom.Files.ToolkitIdentity.Text}", lines);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Root));
    }

    [Fact]
    public async Task No_destination_is_no_fault_and_is_told()
    {
        var results = await RunAsync(await SettingsAsync());

        Assert.All(results, r => Assert.Null(r.Problem));
        Assert.Equal("ok destinations: none, reports are kept and sent to nobody", $"{results[^1]}");
    }

    [Fact]
    public async Task Destinations_are_called_over_TLS_and_each_has_its_line()
    {
        await using var pacs = await StoreScpProcess.StartAsync("PACS", _authority.DcmtkOptions(_authority.Issue("pacs")));
        var settings = await SettingsAsync();
        (settings.Dicom.Tls.Certificate, settings.Dicom.Tls.Key) = _authority.Issue("hsenet");
        settings.Destinations.Add(new DestinationOptions { Name = "pacs", AeTitle = "PACS", Host = "127.0.0.1", Port = pacs.Port, Tls = true, TlsCa = _authority.File });
        settings.Destinations.Add(new DestinationOptions { Name = "strangers", AeTitle = "PACS", Host = "127.0.0.1", Port = pacs.Port, Tls = true });
        settings.Destinations.Add(new DestinationOptions { Name = "plain", AeTitle = "PACS", Host = "127.0.0.1", Port = pacs.Port });
        settings.Destinations.Add(new DestinationOptions { Name = "away", AeTitle = "PACS", Host = "127.0.0.1", Port = FreePort.Next() });
        var results = (await RunAsync(settings)).ToDictionary(r => r.Name, r => r.Problem);

        Assert.Null(results["destination pacs"]);
        Assert.Contains("delivery.tls", results["destination strangers"], StringComparison.Ordinal);
        Assert.NotNull(results["destination plain"]);
        Assert.Contains("delivery.unreachable", results["destination away"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_configuration_fails_every_line_and_names_the_key()
    {
        var results = await new DeploymentCheck(_disk, TimeProvider.System).RunAsync(
            () => throw new WorkerException("configuration.invalid", "HSENet:Dicom:Port must be 0 to 65535"), TestContext.Current.CancellationToken);

        Assert.Equal(Names.Except(["DICOM port", "data folder"]), results.Select(r => r.Name));
        Assert.All(results, r => Assert.NotNull(r.Problem));
        Assert.Equal(results.Skip(1), results.Where(r => r.IsLeftOut));
        Assert.Equal("fail configuration: HSENet:Dicom:Port must be 0 to 65535", $"{results[0]}");
    }

    [Fact]
    public async Task Certificates_that_ran_out_or_cannot_be_used_fail_and_keep_destinations_from_being_called()
    {
        var settings = await SettingsAsync();
        (settings.Dicom.Tls.Certificate, settings.Dicom.Tls.Key) = _authority.Issue(days: -1);
        var expired = await RunAsync(settings);
        settings.Dicom.Tls.Key = _authority.Issue().Key;
        settings.Destinations.Add(new DestinationOptions { Name = "pacs", AeTitle = "PACS", Host = "127.0.0.1", Port = 1 });
        var wrong = await RunAsync(settings);

        Assert.Contains("has expired", expired.Single(r => r.Name == "certificates").Problem, StringComparison.Ordinal);
        Assert.Contains("HSENet:Dicom:Tls:Certificate", wrong.Single(r => r.Name == "certificates").Problem, StringComparison.Ordinal);
        Assert.Contains("without the certificates", wrong[^1].Problem, StringComparison.Ordinal);
        Assert.Null(wrong[0].Problem);
    }

    [Fact]
    public async Task Ports_that_another_program_has_fail_and_those_of_a_running_gateway_do_not()
    {
        var settings = await SettingsAsync();
        (settings.Dicom.Tls.Certificate, settings.Dicom.Tls.Key) = _authority.Issue("hsenet");
        settings.Dicom.Tls.Enabled = true;
        using var plain = Listen();
        using var tls = Listen();
        using var web = Listen();
        (settings.Dicom.Port, settings.Dicom.Tls.Port) = (Port(plain), Port(tls));
        var taken = (await RunAsync(settings)).ToDictionary(r => r.Name, r => r.Problem);
        settings.Web.Url = $"http://127.0.0.1:{Port(web)}";
        web.Stop();                                                    // nobody answers there: free
        Directory.CreateDirectory(_folder.Path("spool"));
        using var held = new FileStream(_folder.Path("spool", "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var ours = (await RunAsync(settings)).ToDictionary(r => r.Name, r => r.Problem);
        settings.Dicom.BindAddress = "192.0.2.1";                      // of nobody (RFC 5737)
        var elsewhere = (await RunAsync(settings)).ToDictionary(r => r.Name, r => r.Problem);

        Assert.Contains($"127.0.0.1:{Port(plain)} is in use by another program (HSENet:Dicom:Port", taken["DICOM port"], StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{Port(tls)} is in use by another program (HSENet:Dicom:Tls:Port", taken["DICOM TLS port"], StringComparison.Ordinal);
        Assert.Equal((null, null, null, null), (ours["DICOM port"], ours["DICOM TLS port"], ours["web port"], ours["data folder"]));
        Assert.Contains("no address of this machine", elsewhere["DICOM port"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_port_that_another_program_has_fails()
    {
        var settings = await SettingsAsync();
        using var stranger = Listen();
        settings.Web.Url = $"http://127.0.0.1:{Port(stranger)}";
        using var stop = new CancellationTokenSource();
        var hangingUp = Task.Run(async () =>
        {
            while (true) // the client tries again
            {
                using var peer = await stranger.AcceptTcpClientAsync(stop.Token);
            }
        });
        var problem = await ProblemAsync(settings, "web port");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hangingUp);

        Assert.Contains("is in use by another program (HSENet:Web:Url)", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_is_loaded_when_everything_else_has_answered()
    {
        var settings = await SettingsAsync();
        settings.Model.Directory = _folder.Path("none");
        await using var pacs = await StoreScpProcess.StartAsync("PACS");
        settings.Destinations.Add(new DestinationOptions { Name = "pacs", AeTitle = "PACS", Host = "127.0.0.1", Port = pacs.Port });
        var looked = new List<string>();
        await new DeploymentCheck(_disk, TimeProvider.System) { Looked = looked.Add }.RunAsync(() => settings, TestContext.Current.CancellationToken);

        Assert.Equal("model directory", looked[^1]);
        Assert.Contains("destination pacs", looked);
    }

    [Fact]
    public async Task A_gateway_that_starts_finds_the_lock_of_the_data_folder_free_while_it_is_checked()
    {
        var settings = await SettingsAsync();
        Directory.CreateDirectory(settings.Data.Directory);
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(settings.Data.Directory, "spool")).FullName, "lock");
        await File.WriteAllTextAsync(path, "");
        var check = new DataFolderCheck(settings);
        using var stop = new CancellationTokenSource();
        var checking = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                Assert.Null(check.Run());
        });
        for (var i = 0; i < 20_000; i++)
        {
            using var held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }

        await stop.CancelAsync();
        await checking;
    }

    [Fact]
    public async Task A_data_folder_whose_place_is_taken_fails()
    {
        var settings = await SettingsAsync();
        settings.Data.Directory = _folder.Path("file");
        await File.WriteAllTextAsync(settings.Data.Directory, "");
        Assert.Contains("is a file where a folder is wanted", await ProblemAsync(settings, "data folder"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_away_empty_or_old_fails()
    {
        var settings = await SettingsAsync(isMigrated: false);
        var empty = await ProblemAsync(settings, "database");
        await Migrator.MigrateAsync(_database!.OwnerConnectionString, CancellationToken.None);
        Assert.Null(await ProblemAsync(settings, "database"));
        await _database.ExecuteAsync("delete from schema_journal where scriptname like '%0002%'");
        var old = await ProblemAsync(settings, "database");
        settings.Database.ConnectionString = "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=x;Timeout=2";
        var away = await ProblemAsync(settings, "database");

        Assert.Contains("no schema yet", empty, StringComparison.Ordinal);
        Assert.Contains("older", old, StringComparison.Ordinal);
        Assert.Contains("database.unreachable", away, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_away_or_no_broker_fails()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var hangingUp = Task.Run(async () =>
        {
            using var peer = await stranger.AcceptTcpClientAsync();
            await peer.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        });
        var away = await BrokerCheck.RunAsync(Rabbit(FreePort.Next()), TestContext.Current.CancellationToken);
        var other = await BrokerCheck.RunAsync(Rabbit(((IPEndPoint)stranger.LocalEndpoint).Port), TestContext.Current.CancellationToken);
        await hangingUp;

        Assert.Contains("127.0.0.1", away, StringComparison.Ordinal);
        Assert.NotNull(other);
        Assert.Null(await BrokerCheck.RunAsync(new QueueOptions(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_broker_with_an_untrusted_certificate_fails()
    {
        var (certificate, key) = _authority.Issue("broker");
        using var own = X509Certificate2.CreateFromPemFile(certificate, key);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var handshake = Task.Run(async () =>
        {
            using var peer = await listener.AcceptTcpClientAsync();
            await using var stream = new SslStream(peer.GetStream());
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = own });
                await stream.ReadExactlyAsync(new byte[8]); // the protocol header of AMQP must never come
            });
        });
        var options = Rabbit(((IPEndPoint)listener.LocalEndpoint).Port);
        options.Tls = true;
        var problem = await BrokerCheck.RunAsync(options, TestContext.Current.CancellationToken);
        await handshake;

        Assert.Contains("certificate", problem, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_model_directory_that_is_away_or_damaged_fails()
    {
        var settings = await SettingsAsync();
        var shipped = settings.Model.Directory;
        settings.Model.Directory = _folder.Path("none");
        var away = await ProblemAsync(settings, "model directory");
        settings.Model.Directory = _folder.Folder("damaged");
        File.WriteAllText(_folder.Path("damaged", "hsenet.json"), "{");
        var damaged = await ProblemAsync(settings, "model directory");
        settings.Roles = "gateway";
        var unused = await ProblemAsync(settings, "model directory");

        Assert.NotEqual(shipped, settings.Model.Directory);
        Assert.Contains("model.", away, StringComparison.Ordinal);
        Assert.Contains("model.", damaged, StringComparison.Ordinal);
        Assert.Null(unused);
    }

    [Fact]
    public async Task A_spool_without_room_or_permission_fails()
    {
        var settings = await SettingsAsync();
        settings.Data.Directory = _folder.Path("data", "later");
        _disk.Available = settings.Spool.MinimumFreeSpace.Bytes - 1;
        var full = await ProblemAsync(settings, "spool space");
        _disk.Available = settings.Spool.MinimumFreeSpace.Bytes;
        Assert.Null(await ProblemAsync(settings, "spool space"));
        settings.Data.Directory = "/proc/none";
        var closed = await ProblemAsync(settings, "spool space");

        Assert.Contains("5119 MiB free", full, StringComparison.Ordinal);
        Assert.Contains("cannot be written", closed, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Path("data")));
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        _folder.Dispose();
        _authority.Dispose();
    }

    private static QueueOptions Rabbit(int port) => new() { Transport = "rabbitmq", Host = "127.0.0.1", Port = port, User = "hsenet", Password = "none" };

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private async Task<string?> ProblemAsync(WorkerSettings settings, string name) => (await RunAsync(settings)).Single(r => r.Name == name).Problem;

    private Task<IReadOnlyList<CheckResult>> RunAsync(WorkerSettings settings) =>
        new DeploymentCheck(_disk, TimeProvider.System).RunAsync(() => settings, TestContext.Current.CancellationToken);

    private async Task<WorkerSettings> SettingsAsync(bool isMigrated = true)
    {
        _database = await (isMigrated ? MigratedDatabase.CreateAsync() : TestDatabase.CreateAsync());
        var settings = new WorkerSettings();
        settings.Data.Directory = _folder.Root;
        settings.Dicom.Port = FreePort.Next();
        settings.Web.Url = $"http://127.0.0.1:{FreePort.Next()}";
        settings.Model.Directory = Repo.Path("Model", "Demo");
        settings.Database.ConnectionString = _database.ServiceConnectionString;
        return settings;
    }
}
