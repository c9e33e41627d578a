using HSENet.TestKit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Messaging;
using Npgsql;

namespace HSENet.Integration.Tests;

/// <summary>The certificates of <c>deploy/secrets.sh</c>, as the compose file's service "certificates" hands them out, on a PostgreSQL and a RabbitMQ of the test.</summary>
public sealed class ComposeTlsTests : IDisposable
{
    private readonly TempFolder _folder = new("compose");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Secrets_are_made_once_and_a_certificate_that_ends_is_renewed()
    {
        await MakeSecretsAsync();
        var first = await ReadAsync();
        await MakeSecretsAsync();
        Assert.Equal(first, await ReadAsync());

        (await Dcmtk.RunAsync("openssl", "x509", "-req", "-in", await RequestAsync(), "-CA", Secret("ca.crt"), "-CAkey", Secret("ca.key"), "-days", "5", "-out", Secret("postgres.crt"))).Succeeded();
        await MakeSecretsAsync();
        (await Dcmtk.RunAsync("openssl", "x509", "-in", Secret("postgres.crt"), "-noout", "-checkend", $"{700 * 86400}")).Succeeded();
        (await Dcmtk.RunAsync("openssl", "verify", "-CAfile", Secret("ca.crt"), Secret("postgres.crt"), Secret("rabbitmq.crt"))).Succeeded();
        Assert.Equal(first["rabbitmq.crt"], (await ReadAsync())["rabbitmq.crt"]);
        var modes = await Dcmtk.RunAsync("stat", ["-c", "%a", .. Directory.GetFiles(_folder.Path("secrets"))]);
        Assert.Equal(["600"], modes.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct());
    }

    [Fact]
    public async Task PostgreSQL_with_these_certificates_is_believed_and_with_others_it_is_not()
    {
        await MakeSecretsAsync();
        await HandOutAsync("postgres");
        await using var postgres = await PrivatePostgres.StartNewAsync();
        await using (var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={postgres.Port};Database=postgres;Username=postgres;Pooling=false"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            foreach (var (name, value) in ((string, string)[])[("ssl_cert_file", Tls("postgres", "server.crt")), ("ssl_key_file", Tls("postgres", "server.key")), ("ssl", "on")])
            {
#pragma warning disable CA2100 // values of this test
                await using var set = new NpgsqlCommand($"alter system set {name} = '{value}'", connection);
#pragma warning restore CA2100
                await set.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }

            await using var reload = new NpgsqlCommand("select pg_reload_conf()", connection);
            await reload.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await Until.TrueAsync(() => SpeaksTlsAsync(postgres.Port, Tls("authority", "ca.crt")), TimeSpan.FromSeconds(30), () => $"PostgreSQL speaks TLS with a certificate of this authority; it said\n{postgres.Server.Tail()}");
        using var other = new TestAuthority();
        Assert.False(await SpeaksTlsAsync(postgres.Port, other.File));
    }

    [Fact]
    public async Task RabbitMQ_with_the_deployed_configuration_speaks_TLS_and_nothing_else()
    {
        await MakeSecretsAsync();
        await HandOutAsync(Environment.UserName);
        var configuration = (await File.ReadAllTextAsync(Repo.Path("deploy", "rabbitmq", "rabbitmq.conf"), TestContext.Current.CancellationToken))
            .Replace("5671", "{port}", StringComparison.Ordinal).Replace("/tls/", _folder.Path("tls/rabbitmq/"), StringComparison.Ordinal);
        await using var broker = PrivateBroker.CreateTlsOnly(configuration);
        await broker.StartAsync();

        Assert.True(await SpeaksAmqpAsync(broker, Tls("authority", "ca.crt")));
        using var other = new TestAuthority();
        Assert.False(await SpeaksAmqpAsync(broker, other.File));
        Assert.False(ListeningSockets.Contains(broker.Port));
    }

    private static async Task<bool> SpeaksTlsAsync(int port, string authority)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={port};Database=postgres;Username=postgres;Pooling=false;SSL Mode=VerifyFull;Root Certificate={authority}");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task<bool> SpeaksAmqpAsync(PrivateBroker broker, string authority)
    {
        var options = new QueueOptions { Transport = "rabbitmq", Host = "localhost", Port = broker.TlsPort, User = "hsenet", Password = broker.Settings["Queue:Password"], Tls = true, TlsCa = authority };
        try
        {
            await using var connection = await BrokerConnection.OpenAsync(options, "test", TestContext.Current.CancellationToken);
            return true;
        }
        catch (Worker.WorkerException e) when (e.Code == "queue.tls")
        {
            return false;
        }
    }

    private string Secret(string name) => _folder.Path($"secrets/{name}");

    private string Tls(string part, string name) => _folder.Path($"tls/{part}/{name}");

    private async Task MakeSecretsAsync()
    {
        File.Copy(Repo.Path("deploy", "secrets.sh"), _folder.Path("secrets.sh"), overwrite: true);
        (await Dcmtk.RunAsync("bash", _folder.Path("secrets.sh"))).Succeeded();
    }

    private async Task HandOutAsync(string server)
    {
        foreach (var part in (string[])["authority", "postgres", "rabbitmq"])
            Directory.CreateDirectory(_folder.Path($"tls/{part}"));
        var owner = Environment.IsPrivilegedProcess ? server : Environment.UserName;
        (await Dcmtk.RunAsync("chmod", "a+x", _folder.Root)).Succeeded();
        (await Dcmtk.RunAsync(
            "env", $"SECRETS={_folder.Path("secrets")}", $"TLS={_folder.Path("tls")}", $"SERVER={owner}:{owner}", "sh", Repo.Path("deploy", "postgres", "certificates.sh"))).Succeeded();
        var key = await Dcmtk.RunAsync("stat", "-c", "%U %a", Tls("postgres", "server.key"));
        Assert.Equal($"{owner} 600", key.Output.Trim());
    }

    private async Task<string> RequestAsync()
    {
        (await Dcmtk.RunAsync("openssl", "req", "-new", "-key", Secret("postgres.key"), "-subj", "/CN=postgres", "-out", _folder.Path("request.csr"))).Succeeded();
        return _folder.Path("request.csr");
    }

    private async Task<Dictionary<string, string>> ReadAsync()
    {
        var files = new Dictionary<string, string>();
        foreach (var file in Directory.GetFiles(_folder.Path("secrets")))
            files[Path.GetFileName(file)] = await File.ReadAllTextAsync(file);
        return files;
    }
}
