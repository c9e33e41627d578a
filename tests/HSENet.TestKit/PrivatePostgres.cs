using System.Diagnostics;
using Npgsql;

namespace HSENet.TestKit;

/// <summary>A PostgreSQL server that one test has to itself, to be killed and started again. Loopback only; whoever connects is believed.</summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly TempFolder _folder = new("postgres");
    private readonly string _programs;
    private readonly IReadOnlyList<string> _environment;
    private ChildProcess? _server;

    private PrivatePostgres(string programs, IReadOnlyList<string> environment)
    {
        _programs = programs;
        _environment = environment;
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>The role that owns databases.</summary>
    public string Owner => For("hsenet_owner");

    /// <summary>The role of the service.</summary>
    public string Service => For("hsenet_service");

    /// <summary>The process of the server.</summary>
    public ChildProcess Server => _server ?? throw new InvalidOperationException("PostgreSQL was not started");

    /// <summary>Makes a cluster and starts its server.</summary>
    /// <param name="environment">Further variables of the server, as NAME=value.</param>
    public static async Task<PrivatePostgres> StartNewAsync(params IReadOnlyList<string> environment)
    {
        const string versions = "/usr/lib/postgresql";
        var programs = Directory.Exists(versions) ? Directory.GetDirectories(versions).Order(StringComparer.Ordinal).LastOrDefault() : null;
        if (programs is null)
            Requirement.Missing("PostgreSQL (deploy/dev/up.sh postgres)");
        var postgres = new PrivatePostgres(Path.Combine(programs, "bin"), environment);
        try
        {
            await postgres.CreateAsync();
            await postgres.StartAsync();
            await postgres.ExecuteAsync("""
                create role hsenet_owner login createdb;
                create role hsenet_service login;
                grant pg_signal_backend to hsenet_owner;
                """);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server and waits until it takes connections. What a killed one left attached may hold it up for a moment.</summary>
    public async Task StartAsync()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            _server = Start(
                "postgres",
                _environment,
                "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=150", "-c", "shared_buffers=32MB", "-c", "timezone=UTC");
            while (!_server.HasExited)
            {
                if (await AnswersAsync())
                    return;
                if (clock.Elapsed > Deadline)
                    throw new InvalidOperationException($"PostgreSQL does not answer:\n{_server.Tail()}");
                await Task.Delay(50);
            }

            var said = _server.Tail();
            await _server.DisposeAsync();
            if (clock.Elapsed > Deadline)
                throw new InvalidOperationException($"PostgreSQL ended:\n{said}");
            await Task.Delay(200);
        }
    }

    /// <summary>kill -9 of the server and all that serve its connections, as a power cut would.</summary>
    public async Task KillAsync()
    {
        Server.Kill();
        await Until.TrueAsync(() => !ListeningSockets.Contains(Port), TimeSpan.FromSeconds(20), "PostgreSQL is gone");
        await Server.DisposeAsync();
    }

    /// <summary>Runs a client program of the server's version on a database, as the owner.</summary>
    /// <param name="program"><c>pg_dump</c>, <c>pg_restore</c>.</param>
    /// <param name="database">Its name.</param>
    /// <param name="arguments">Further ones.</param>
    public async Task RunToolAsync(string program, string database, params string[] arguments) =>
        (await Dcmtk.RunAsync(
            Path.Combine(_programs, program), ["-h", "127.0.0.1", "-p", $"{Port}", "-U", "hsenet_owner", "-d", database, .. arguments])).Succeeded();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }

    private string Data => _folder.Path("data");

    private string For(string role) => $"Host=127.0.0.1;Port={Port};Database=postgres;Username={role}";

    private async Task CreateAsync()
    {
        if (Environment.UserName == "root")
            (await Dcmtk.RunAsync("chown", "postgres", _folder.Root)).Succeeded();
        await using var initdb = Start("initdb", [], "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        if (await initdb.WaitForExitAsync(Deadline) != 0)
            throw new InvalidOperationException($"initdb failed:\n{initdb.Tail()}");
    }

    // PostgreSQL does not run as root; variables are for it alone, a library to be loaded must not see the change of the user
    private ChildProcess Start(string program, IReadOnlyList<string> variables, params string[] arguments)
    {
        string[] command = [Requirement.Tool("env"), .. variables, Path.Combine(_programs, program), .. arguments];
        if (Environment.UserName == "root")
            command = [Requirement.Tool("setpriv"), "--reuid=postgres", "--regid=postgres", "--init-groups", .. command];
        return ChildProcess.Start(command[0], command[1..], null, _folder.Root, program);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await ExecuteAsync("select 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(For("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // statements of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
