using System.Security.Cryptography.X509Certificates;

namespace HSENet.TestKit;

/// <summary>
/// A RabbitMQ node that one test class has to itself, to be killed and started again, with TLS when a certificate is given. Loopback only; its
/// own cookie, name and epmd.
/// </summary>
public sealed class PrivateBroker : IAsyncDisposable
{
    private const string Password = "private";

    private readonly TempFolder _folder = new("rabbitmq");
    private readonly string _program;
    private readonly int _managementPort = FreePort.Next();
    private readonly int _distributionPort = FreePort.Next();
    private readonly int _epmdPort = FreePort.Next();
    private ChildProcess? _epmd;
    private bool _isTlsOnly;
    private ChildProcess? _node;

    private PrivateBroker(string program)
    {
        _program = program;
    }

    /// <summary>AMQP without TLS.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>AMQP with TLS, when there is a certificate.</summary>
    public int TlsPort { get; } = FreePort.Next();

    /// <summary>Settings of a worker that uses this broker's default virtual host, without TLS.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["Queue:Transport"] = "rabbitmq",
        ["Queue:Host"] = "127.0.0.1",
        ["Queue:Port"] = $"{Port}",
        ["Queue:VirtualHost"] = "/",
        ["Queue:User"] = "hsenet",
        ["Queue:Password"] = Password,
    };

    /// <summary>Prepares a node; <see cref="StartAsync"/> starts it.</summary>
    /// <param name="certificate">The node's certificate with its key; null: no TLS.</param>
    /// <param name="authority">Who issued it.</param>
    public static PrivateBroker Create(X509Certificate2? certificate = null, X509Certificate2? authority = null)
    {
        const string program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
        if (!File.Exists(program))
            Requirement.Missing("RabbitMQ (deploy/dev/up.sh rabbitmq)");
        var broker = new PrivateBroker(program);
        broker.Configure(certificate, authority);
        return broker;
    }

    /// <summary>Prepares a node that has TLS and nothing else, as a deployment's configuration file says.</summary>
    /// <param name="configuration">Lines of that file, with <c>{port}</c> for the port of TLS.</param>
    public static PrivateBroker CreateTlsOnly(string configuration)
    {
        var broker = Create();
        broker._isTlsOnly = true;
        var lines = File.ReadLines(broker._folder.Path("rabbitmq.conf")).Where(line => !line.StartsWith("listeners.", StringComparison.Ordinal) && !line.StartsWith("consumer_timeout", StringComparison.Ordinal)).ToList();
        File.WriteAllLines(broker._folder.Path("rabbitmq.conf"), [.. lines, configuration.Replace("{port}", $"{broker.TlsPort}", StringComparison.Ordinal)]);
        return broker;
    }

    /// <summary>Starts the node and waits until it and its management answer.</summary>
    public async Task StartAsync()
    {
        _epmd ??= ChildProcess.Start(Requirement.Tool("epmd"), ["-port", $"{_epmdPort}", "-address", "127.0.0.1"], BaseEnvironment());
        await Until.TrueAsync(() => ListeningSockets.Contains(_epmdPort), TimeSpan.FromSeconds(20), "epmd listens");
        _node = ChildProcess.Start(_program, ["-noinput"], NodeEnvironment(), _folder.Root, "rabbitmq-server");
        await Until.TrueAsync(
            () => Task.FromResult(_node.HasExited
                ? throw new InvalidOperationException($"RabbitMQ ended:\n{_node.Tail()}")
                : ListeningSockets.Contains(_isTlsOnly ? TlsPort : Port) && ListeningSockets.Contains(_managementPort)),
            TimeSpan.FromSeconds(90),
            () => $"RabbitMQ answers; it said\n{_node.Tail()}");
    }

    /// <summary>kill -9, as a power cut would.</summary>
    public async Task KillAsync()
    {
        _node!.Kill();
        await Until.TrueAsync(() => !ListeningSockets.Contains(Port), TimeSpan.FromSeconds(20), "RabbitMQ is gone");
        await _node.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        if (_epmd is not null)
            await _epmd.DisposeAsync();
        _folder.Dispose();
    }

    private void Configure(X509Certificate2? certificate, X509Certificate2? authority)
    {
        var lines = new List<string>
        {
            $"listeners.tcp.1 = 127.0.0.1:{Port}",
            "management.tcp.ip = 127.0.0.1",
            $"management.tcp.port = {_managementPort}",
            "default_user = hsenet",
            $"default_pass = {Password}",
            "vm_memory_high_watermark.absolute = 512MB",
            "disk_free_limit.absolute = 50MB",
            "raft.wal_max_size_bytes = 33554432",
            "consumer_timeout = 14400000",
        };
        if (certificate is not null && authority is not null)
        {
            File.WriteAllText(_folder.Path("cert.pem"), certificate.ExportCertificatePem());
            File.WriteAllText(_folder.Path("key.pem"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(_folder.Path("ca.pem"), authority.ExportCertificatePem());
            lines.AddRange(
            [
                $"listeners.ssl.1 = 127.0.0.1:{TlsPort}",
                $"ssl_options.certfile = {_folder.Path("cert.pem")}",
                $"ssl_options.keyfile = {_folder.Path("key.pem")}",
                $"ssl_options.cacertfile = {_folder.Path("ca.pem")}",
                "ssl_options.versions.1 = tlsv1.3",
                "ssl_options.versions.2 = tlsv1.2",
            ]);
        }

        File.WriteAllLines(_folder.Path("rabbitmq.conf"), lines);
        File.WriteAllText(_folder.Path("advanced.config"), "[].\n");
        File.WriteAllText(_folder.Path("enabled_plugins"), "[rabbitmq_management].\n");
        File.WriteAllText(_folder.Path(".erlang.cookie"), Guid.NewGuid().ToString("N"));
#pragma warning disable CA1416 // Linux only
        File.SetUnixFileMode(_folder.Path(".erlang.cookie"), UnixFileMode.UserRead);
#pragma warning restore CA1416
    }

    private Dictionary<string, string?> BaseEnvironment() => new()
    {
        ["HOME"] = _folder.Root,
        ["LANG"] = "C.UTF-8",
        ["ERL_EPMD_PORT"] = $"{_epmdPort}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
    };

    private Dictionary<string, string?> NodeEnvironment() => new(BaseEnvironment())
    {
        ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
        ["RABBITMQ_NODENAME"] = "hsenet-test@localhost",
        ["RABBITMQ_ALLOW_INPUT"] = "1",
        ["RABBITMQ_NODE_IP_ADDRESS"] = _isTlsOnly ? null : "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = _isTlsOnly ? null : $"{Port}",
        ["RABBITMQ_DIST_PORT"] = $"{_distributionPort}",
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +A 8",
        ["RABBITMQ_MNESIA_BASE"] = _folder.Path("mnesia"),
        ["RABBITMQ_LOG_BASE"] = _folder.Path("log"),
        ["RABBITMQ_PID_FILE"] = _folder.Path("rabbitmq.pid"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = _folder.Path("generated"),
        ["RABBITMQ_SCHEMA_DIR"] = _folder.Path("schema"),
        ["RABBITMQ_CONFIG_FILE"] = _folder.Path("rabbitmq.conf"),
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = _folder.Path("advanced.config"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _folder.Path("enabled_plugins"),
    };
}
