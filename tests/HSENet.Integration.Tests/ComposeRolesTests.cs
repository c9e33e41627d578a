using HSENet.TestKit;
using HSENet.Worker.Persistence;
using Npgsql;

namespace HSENet.Integration.Tests;

/// <summary>What the compose file's service "roles" runs, on a server as the image leaves it: a superuser with a password, and everybody else must have one too.</summary>
public sealed class ComposeRolesTests
{
    [Fact]
    public async Task The_roles_and_the_password_file_are_made_and_a_second_run_takes_new_passwords()
    {
        await using var postgres = await PrivatePostgres.StartNewAsync();
        using var folder = new TempFolder("roles");
        await PrepareAsync(postgres.Port);
        foreach (var secret in (string[])["postgres", "owner", "service"])
            await File.WriteAllTextAsync(folder.Path(secret), $"{secret}-1\n");

        await RunAsync(postgres.Port, folder);
        var scripts = await Migrator.MigrateAsync(ConnectionString(postgres.Port, folder, "hsenet_owner"), CancellationToken.None);
        await File.WriteAllTextAsync(folder.Path("service"), "service-2\n");
        await RunAsync(postgres.Port, folder);
        await using var database = new Database(ConnectionString(postgres.Port, folder, "hsenet_service"));
        await SchemaVersion.CheckAsync(database, CancellationToken.None);

        Assert.NotEmpty(scripts);
        Assert.Equal("*:*:*:hsenet_owner:owner-1\n", await File.ReadAllTextAsync(PasswordFile(folder, "hsenet_owner")));
        Assert.Equal("*:*:*:hsenet_service:service-2\n", await File.ReadAllTextAsync(PasswordFile(folder, "hsenet_service")));
        foreach (var role in (string[])["hsenet_owner", "hsenet_service"])
        {
            var stat = await Dcmtk.RunAsync("stat", "-c", "%u %a", PasswordFile(folder, role));
            Assert.EndsWith(" 600", stat.Output.Trim(), StringComparison.Ordinal);
            Assert.True(!Environment.IsPrivilegedProcess || stat.Output.StartsWith("1654 ", StringComparison.Ordinal), stat.Output);
        }
    }

    [Fact]
    public async Task Without_a_password_no_file_is_written_and_the_migration_does_not_start()
    {
        await using var postgres = await PrivatePostgres.StartNewAsync();
        using var folder = new TempFolder("roles");
        await PrepareAsync(postgres.Port);
        await File.WriteAllTextAsync(folder.Path("postgres"), "postgres-1\n");
        await using var script = Start(postgres.Port, folder);

        Assert.NotEqual(0, await script.WaitForExitAsync(TimeSpan.FromMinutes(1)));
        Assert.False(File.Exists(PasswordFile(folder, "hsenet_owner")));
        Assert.False(File.Exists(PasswordFile(folder, "hsenet_service")));
    }

    private static async Task PrepareAsync(int port)
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={port};Database=postgres;Username=postgres;Pooling=false");
        await connection.OpenAsync();
        await using (var prepare = new NpgsqlCommand(
            "drop owned by hsenet_owner, hsenet_service; drop role hsenet_owner, hsenet_service; alter role postgres password 'postgres-1'", connection))
            await prepare.ExecuteNonQueryAsync();
        await using (var create = new NpgsqlCommand("create database hsenet", connection))
            await create.ExecuteNonQueryAsync();
        await using var where = new NpgsqlCommand("show hba_file", connection);
        await File.WriteAllTextAsync((string)(await where.ExecuteScalarAsync())!, "host all all 127.0.0.1/32 scram-sha-256\n");
        await using var reload = new NpgsqlCommand("select pg_reload_conf()", connection);
        await reload.ExecuteNonQueryAsync();
        await Until.TrueAsync(() => NeedsPasswordAsync(port), TimeSpan.FromSeconds(30), "the server asks for passwords");
    }

    private static async Task<bool> NeedsPasswordAsync(int port)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={port};Database=postgres;Username=postgres;Pooling=false");
            await connection.OpenAsync();
            return false;
        }
        catch (NpgsqlException)
        {
            return true;
        }
    }

    private static async Task RunAsync(int port, TempFolder folder)
    {
        await using var script = Start(port, folder);
        Assert.True(await script.WaitForExitAsync(TimeSpan.FromMinutes(1)) == 0, script.Tail());
    }

    private static ChildProcess Start(int port, TempFolder folder)
    {
        var environment = new Dictionary<string, string?>
        {
            ["SECRETS"] = folder.Root,
            ["OWNER_FOLDER"] = Path.GetDirectoryName(PasswordFile(folder, "hsenet_owner")),
            ["SERVICE_FOLDER"] = Path.GetDirectoryName(PasswordFile(folder, "hsenet_service")),
            ["WORKER"] = Environment.IsPrivilegedProcess ? null : Environment.UserName,
            ["PGHOST"] = "127.0.0.1",
            ["PGPORT"] = $"{port}",
            ["PGUSER"] = "postgres",
            ["PGDATABASE"] = "hsenet",
        };
        Requirement.Tool("psql");
        Directory.CreateDirectory(folder.Path("hsenet_owner"));
        Directory.CreateDirectory(folder.Path("hsenet_service"));
        return ChildProcess.Start(Requirement.Tool("sh"), [Repo.Path("deploy", "postgres", "roles.sh")], environment);
    }

    private static string PasswordFile(TempFolder folder, string role) => Path.Combine(folder.Path(role), "pgpass");

    private static string ConnectionString(int port, TempFolder folder, string user) =>
        $"Host=127.0.0.1;Port={port};Database=hsenet;Username={user};Passfile={PasswordFile(folder, user)};Pooling=false";
}
