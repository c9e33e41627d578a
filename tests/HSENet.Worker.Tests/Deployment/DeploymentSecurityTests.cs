using HSENet.TestKit;

namespace HSENet.Worker.Tests.Deployment;

/// <summary>
/// What a deployment gives to whom: the owner's password to the migration alone, nothing in the clear, no more rights than the work needs.
/// </summary>
public sealed class DeploymentSecurityTests
{
    private const string OwnerKey = "HSENet__Database__MigrationConnectionString";

    private static readonly Dictionary<object, object> s_compose = DeploymentFiles.Map(Assert.Single(DeploymentFiles.Yaml("deploy/compose.yaml")), "services");
    private static readonly IReadOnlyList<Dictionary<object, object>> s_cluster = DeploymentFiles.Yaml("deploy/kubernetes/hsenet.yaml");

    [Fact]
    public void The_owners_password_reaches_the_migration_of_the_compose_file_alone()
    {
        var holders = s_compose.Where(service => Text(service.Value).Contains("owner", StringComparison.Ordinal)).Select(service => service.Key.ToString());
        Assert.Equal(["migrate", "roles"], holders.Order());
        Assert.DoesNotContain("service-password", Text(s_compose["migrate"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_owners_password_reaches_the_migration_of_the_cluster_alone()
    {
        foreach (var (name, pod) in Pods())
        {
            var secrets = DeploymentFiles.List(Container(pod)["envFrom"]).Select(source => DeploymentFiles.Map(source)).Where(source => source.ContainsKey("secretRef"))
                .Select(source => DeploymentFiles.Map(source, "secretRef")["name"]);
            Assert.Equal(name == "hsenet-migrate" ? ["hsenet-migrate"] : ["hsenet"], secrets);
        }
    }

    [Fact]
    public void The_owners_connection_is_in_no_units_environment_but_the_migrations()
    {
        foreach (var file in Directory.GetFiles(Repo.Path("deploy", "systemd"), "*.service"))
        {
            var isMigration = Path.GetFileName(file) == "hsenet-migrate.service";
            Assert.Contains($"EnvironmentFile=/etc/hsenet/{(isMigration ? "migrate" : "worker")}.env", File.ReadLines(file));
            Assert.Equal(isMigration, File.ReadAllText(file).Contains(OwnerKey, StringComparison.Ordinal));
        }
    }

    /// <summary>
    /// What the environment of a worker does not say is the default of a development machine: of the secrets' lines none may be forgotten.
    /// </summary>
    [Fact]
    public void The_secrets_of_the_cluster_are_told_with_every_line_that_the_workers_and_the_migration_need()
    {
        var lines = File.ReadLines(Repo.Path("deploy/kubernetes/hsenet.yaml")).TakeWhile(line => line.StartsWith('#'))
            .Select(line => line.TrimStart('#', ' ')).Where(line => line.StartsWith("HSENet__", StringComparison.Ordinal)).ToList();
        DeploymentFiles.Read(lines.Select(line => line.Split('=', 2)).Select(pair => KeyValuePair.Create<string, string?>(pair[0], pair[1])).Append(new("HSENet__Queue__User", "hsenet")));

        Assert.Equal(["HSENet__Database__ConnectionString", "HSENet__Queue__Password", OwnerKey], lines.Select(line => line.Split('=')[0]));
        Assert.All(lines.Where(line => line.Contains("Username", StringComparison.Ordinal)), line => Assert.EndsWith("SSL Mode=VerifyFull;Root Certificate=/etc/hsenet/tls/ca.crt", line));
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("inference")]
    public void A_worker_of_the_compose_file_speaks_TLS_to_database_and_broker(string service)
    {
        var settings = DeploymentFiles.Read(DeploymentFiles.Map(s_compose[service], "environment").Select(pair => KeyValuePair.Create(pair.Key.ToString()!, pair.Value?.ToString())));
        var database = new Npgsql.NpgsqlConnectionStringBuilder(settings.Database.ConnectionString);

        Assert.Equal((Npgsql.SslMode.VerifyFull, "/etc/hsenet/tls/ca.crt"), (database.SslMode, database.RootCertificate));
        Assert.Equal((true, 5671, "/etc/hsenet/tls/ca.crt"), (settings.Queue.Tls, settings.Queue.Port, settings.Queue.TlsCa));
        Assert.Contains("authority:/etc/hsenet/tls:ro", DeploymentFiles.List(DeploymentFiles.Map(s_compose[service])["volumes"]));
    }

    [Fact]
    public void A_worker_of_the_cluster_speaks_TLS_to_the_broker()
    {
        var map = DeploymentFiles.Map(s_cluster.Single(document => document["kind"].ToString() == "ConfigMap"), "data");
        Assert.Equal(("true", "5671", "/etc/hsenet/tls/ca.crt"), (map["HSENet__Queue__Tls"], map["HSENet__Queue__Port"], map["HSENet__Queue__TlsCa"]));
        Assert.All(Pods(), pod => Assert.Contains("/etc/hsenet/tls", Text(Container(pod.Pod)["volumeMounts"]), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_pod_runs_as_a_user_on_a_read_only_root_with_the_runtimes_filter_and_without_a_token()
    {
        foreach (var (_, pod) in Pods())
        {
            Assert.Equal("false", pod["automountServiceAccountToken"]);
            var context = DeploymentFiles.Map(pod, "securityContext");
            Assert.Equal(("true", "1654"), (context["runAsNonRoot"], context["runAsUser"]));
            Assert.Equal("RuntimeDefault", DeploymentFiles.Map(context, "seccompProfile")["type"]);
            var container = DeploymentFiles.Map(Container(pod), "securityContext");
            Assert.Equal(("false", "true"), (container["allowPrivilegeEscalation"], container["readOnlyRootFilesystem"]));
            Assert.Equal(["ALL"], DeploymentFiles.List(DeploymentFiles.Map(container, "capabilities")["drop"]));
        }
    }

    [Fact]
    public void Every_pod_has_a_network_policy_and_only_the_gateway_is_called()
    {
        foreach (var (name, _) in Pods())
        {
            var policy = DeploymentFiles.Map(s_cluster.Single(document => document["kind"].ToString() == "NetworkPolicy" && DeploymentFiles.Map(document, "metadata")["name"].ToString() == name), "spec");
            Assert.Equal(name, DeploymentFiles.Map(policy, "podSelector", "matchLabels")["app"]);
            Assert.Equal(["Ingress", "Egress"], DeploymentFiles.List(policy["policyTypes"]));
            Assert.Equal(name == "hsenet-gateway", policy.ContainsKey("ingress"));
            var ports = DeploymentFiles.List(policy["egress"]).SelectMany(rule => DeploymentFiles.List(DeploymentFiles.Map(rule)["ports"])).Select(port => DeploymentFiles.Map(port)["port"].ToString()).ToList();
            Assert.Contains("53", ports);
            Assert.Contains("5432", ports);
            Assert.Equal(name != "hsenet-migrate", ports.Contains("5671"));
            Assert.Equal(name == "hsenet-gateway", ports.Contains("104"));
        }
    }

    [Fact]
    public void Every_container_of_the_compose_file_that_is_ours_drops_what_it_does_not_need()
    {
        foreach (var name in (string[])["certificates", "roles", "migrate", "gateway", "inference"])
        {
            var service = DeploymentFiles.Map(s_compose[name]);
            Assert.Equal(["ALL"], DeploymentFiles.List(service["cap_drop"]));
            Assert.Equal(["no-new-privileges:true"], DeploymentFiles.List(service["security_opt"]));
        }
    }

    private static IEnumerable<(string Name, Dictionary<object, object> Pod)> Pods() => s_cluster
        .Where(document => document["kind"].ToString() is "Job" or "StatefulSet" or "Deployment")
        .Select(document => (DeploymentFiles.Map(document, "metadata")["name"].ToString()!, DeploymentFiles.Map(document, "spec", "template", "spec")));

    private static Dictionary<object, object> Container(Dictionary<object, object> pod) => DeploymentFiles.Map(Assert.Single(DeploymentFiles.List(pod["containers"])));

    private static string Text(object value) => new YamlDotNet.Serialization.SerializerBuilder().Build().Serialize(value);
}
