using HSENet.TestKit;
using HSENet.Worker.Configuration;

namespace HSENet.Worker.Tests.Deployment;

/// <summary>No container engine, cluster or systemd is at hand: what the files say to the worker is read as the worker reads it, and what they refer to exists.</summary>
public sealed class DeploymentFileTests
{
    private const string Compose = "deploy/compose.yaml";
    /// <summary>What a site's own file of settings has at least.</summary>
    private static readonly KeyValuePair<string, string?>[] s_siteSettings =
        [new("HSENet__Queue__Transport", "rabbitmq"), new("HSENet__Queue__User", "hsenet"), new("HSENet__Queue__Password", "secret")];

    private const string Kubernetes = "deploy/kubernetes/hsenet.yaml";

    [Theory]
    [InlineData("migrate")]
    [InlineData("gateway")]
    [InlineData("inference")]
    public void A_worker_of_the_compose_file_starts_with_valid_settings(string service)
    {
        var map = DeploymentFiles.Map(Assert.Single(DeploymentFiles.Yaml(Compose)), "services", service);
        var settings = DeploymentFiles.Read(DeploymentFiles.Map(map, "environment").Select(Variable));

        if (service != "migrate")
        {
            Assert.Equal("rabbitmq", settings.Queue.Transport);
            Assert.Equal(service, settings.Roles);
            Assert.Contains("data:/var/lib/hsenet", DeploymentFiles.List(map["volumes"]));
        }

        Assert.True(File.Exists(Repo.Path("deploy", "..", DeploymentFiles.Map(map, "build")["dockerfile"].ToString()!)));
        Assert.Equal("true", map["read_only"]);
    }

    [Fact]
    public void Services_volumes_and_secrets_that_the_compose_file_refers_to_are_declared_in_it()
    {
        var document = Assert.Single(DeploymentFiles.Yaml(Compose));
        var services = DeploymentFiles.Map(document, "services");
        foreach (var service in services.Values.Select(service => DeploymentFiles.Map(service)))
        {
            if (service.TryGetValue("depends_on", out var others))
            {
                Assert.All(DeploymentFiles.Map(others).Keys, other => Assert.Contains(other, services.Keys));
            }

            var volumes = service.TryGetValue("volumes", out var mounts) ? DeploymentFiles.List(mounts).Select(mount => mount.ToString()!.Split(':')[0]) : [];
            Assert.All(volumes, volume => Assert.True(
                volume.StartsWith("./", StringComparison.Ordinal) ? Path.Exists(Repo.Path("deploy", volume)) : DeploymentFiles.Map(document, "volumes").ContainsKey(volume), volume));
            var secrets = service.TryGetValue("secrets", out var names) ? DeploymentFiles.List(names) : [];
            Assert.All(secrets, secret => Assert.Contains(secret, DeploymentFiles.Map(document, "secrets").Keys));
        }

        Assert.Contains("deploy/secrets/", File.ReadLines(Repo.Path(".gitignore")));
    }

    [Theory]
    [InlineData("deploy/systemd/hsenet-gateway.service", "gateway")]
    [InlineData("deploy/systemd/hsenet-inference@.service", "inference")]
    public void A_unit_starts_a_worker_with_valid_settings_and_lets_it_drain(string file, string roles)
    {
        var lines = File.ReadAllLines(Repo.Path(file));
        var settings = DeploymentFiles.Read(DeploymentFiles.UnitSettings(file).Concat(s_siteSettings));

        Assert.Equal(roles, settings.Roles);
        Assert.Contains("ExecStart=/opt/hsenet/hsenet-worker serve", lines);
        Assert.Contains("KillSignal=SIGTERM", lines);
        var stop = lines.Single(line => line.StartsWith("TimeoutStopSec=", StringComparison.Ordinal));
        Assert.InRange(TimeSpan.FromSeconds(int.Parse(stop.Split('=')[1])), Hosting.WorkerHost.ShutdownTimeout, TimeSpan.MaxValue);
        Assert.Contains("NoNewPrivileges=yes", lines);
    }

    [Fact]
    public void The_workers_of_the_cluster_start_with_valid_settings_probes_limits_and_time_to_drain()
    {
        var documents = DeploymentFiles.Yaml(Kubernetes);
        var shared = DeploymentFiles.Map(documents.Single(document => document["kind"].ToString() == "ConfigMap"), "data").Select(Variable).ToList();
        foreach (var (name, kind) in ((string, string)[])[("hsenet-gateway", "StatefulSet"), ("hsenet-inference", "Deployment")])
        {
            var pod = DeploymentFiles.Map(Find(documents, kind, name), "spec", "template", "spec");
            var container = DeploymentFiles.Map(Assert.Single(DeploymentFiles.List(pod["containers"])));
            var own = DeploymentFiles.List(container["env"]).Select(variable => DeploymentFiles.Map(variable))
                .Select(variable => KeyValuePair.Create(variable["name"].ToString()!, variable["value"].ToString()));
            var settings = DeploymentFiles.Read(shared.Concat(own));

            Assert.EndsWith(settings.Roles, name);
            Assert.InRange(TimeSpan.FromSeconds(int.Parse(pod["terminationGracePeriodSeconds"].ToString()!)), Hosting.WorkerHost.ShutdownTimeout, TimeSpan.MaxValue);
            Assert.True(DeploymentFiles.Map(container, "resources", "limits").ContainsKey("memory"));
            Assert.Equal("true", DeploymentFiles.Map(pod, "securityContext")["runAsNonRoot"]);
            AssertProbes(container);
            var budget = DeploymentFiles.Map(Find(documents, "PodDisruptionBudget", name), "spec");
            Assert.Single(budget.Keys, key => key is "minAvailable" or "maxUnavailable");
            Assert.Equal(name, DeploymentFiles.Map(budget, "selector", "matchLabels")["app"]);
            Assert.Equal(name, DeploymentFiles.Map(Find(documents, kind, name), "spec", "template", "metadata", "labels")["app"]);
        }

        var ports = DeploymentFiles.List(DeploymentFiles.Map(Assert.Single(DeploymentFiles.List(
            DeploymentFiles.Map(Find(documents, "StatefulSet", "hsenet-gateway"), "spec", "template", "spec")["containers"])))["ports"]);
        Assert.All(
            DeploymentFiles.List(DeploymentFiles.Map(Find(documents, "Service", "hsenet-dicom"), "spec")["ports"]),
            port => Assert.Contains(DeploymentFiles.Map(port)["targetPort"], ports.Select(open => DeploymentFiles.Map(open)["name"])));
        var gpu = DeploymentFiles.Map(DeploymentFiles.Map(Assert.Single(DeploymentFiles.List(
            DeploymentFiles.Map(Find(documents, "Deployment", "hsenet-inference"), "spec", "template", "spec")["containers"]))), "resources", "requests");
        Assert.Equal("1", gpu["nvidia.com/gpu"]);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("inference")]
    public void A_worker_of_the_compose_file_is_asked_for_its_health(string service)
    {
        var health = DeploymentFiles.Map(Assert.Single(DeploymentFiles.Yaml(Compose)), "services", service, "healthcheck");
        Assert.Equal(["CMD", "/app/hsenet-worker", "health", "live"], DeploymentFiles.List(health["test"]));
    }

    /// <summary>The image's own initialization runs as the user postgres, and not again after it has failed: what needs root, or must be made up for, is not left to it.</summary>
    [Fact]
    public void The_roles_of_the_compose_file_are_made_as_root_after_the_server_and_before_the_migration()
    {
        var services = DeploymentFiles.Map(Assert.Single(DeploymentFiles.Yaml(Compose)), "services");
        var roles = DeploymentFiles.Map(services["roles"]);
        var script = DeploymentFiles.List(roles["entrypoint"])[^1].ToString()!;

        Assert.Equal("0:0", roles["user"]);
        Assert.True(File.Exists(Repo.Path("deploy", script.TrimStart('/'))), script);
        Assert.Contains("owner-password:/run/owner", DeploymentFiles.List(roles["volumes"]));
        Assert.Contains("service-password:/run/service", DeploymentFiles.List(roles["volumes"]));
        Assert.Contains("postgres", DeploymentFiles.Map(roles, "depends_on").Keys);
        Assert.Equal("service_completed_successfully", DeploymentFiles.Map(services["migrate"], "depends_on", "roles")["condition"]);
        Assert.DoesNotContain(DeploymentFiles.List(DeploymentFiles.Map(services["postgres"])["volumes"]), volume => volume.ToString()!.Contains("initdb.d", StringComparison.Ordinal));

        // the server of the image's initialization has no TCP
        Assert.Contains("127.0.0.1", DeploymentFiles.List(DeploymentFiles.Map(services["postgres"], "healthcheck")["test"]));
    }

    /// <summary>The program itself is not at its place here; nothing else may be said against the unit, not even a key that systemd does not know.</summary>
    [Theory]
    [InlineData("hsenet-migrate.service", "hsenet-migrate.service")]
    [InlineData("hsenet-gateway.service", "hsenet-gateway.service")]
    [InlineData("hsenet-inference@.service", "hsenet-inference@0.service")]
    public async Task Systemd_has_nothing_against_a_unit(string file, string instance)
    {
        using var folder = new TempFolder("units");
        var unit = await File.ReadAllTextAsync(Repo.Path("deploy", "systemd", file));
        await File.WriteAllTextAsync(folder.Path(instance), Program(unit, "/bin/true"));
        var verdict = await Dcmtk.RunAsync("systemd-analyze", "verify", "--man=no", folder.Path(instance));
        await File.WriteAllTextAsync(folder.Path(instance), Program(unit, "/bin/true\nRestrt=always"));
        var misspelt = await Dcmtk.RunAsync("systemd-analyze", "verify", "--man=no", folder.Path(instance));

        Assert.Equal((0, ""), (verdict.ExitCode, (verdict.Output + verdict.Error).Trim()));
        Assert.Contains("Restrt", misspelt.Error, StringComparison.Ordinal);
    }

    private static string Program(string unit, string program) => unit
        .Replace("/opt/hsenet/hsenet-worker serve", program, StringComparison.Ordinal)
        .Replace("/opt/hsenet/hsenet-worker migrate", program, StringComparison.Ordinal);

    /// <summary>A probe runs a command that the program has: an open port tells neither whether the database answers nor whether the spool has room.</summary>
    private static void AssertProbes(Dictionary<object, object> container)
    {
        foreach (var name in (string[])["startupProbe", "livenessProbe", "readinessProbe"])
        {
            var probe = DeploymentFiles.Map(container, name);
            Assert.Equal(["/app/hsenet-worker", "health", name == "readinessProbe" ? "ready" : "live"], DeploymentFiles.List(DeploymentFiles.Map(probe, "exec")["command"]));
        }
    }

    private static Dictionary<object, object> Find(IReadOnlyList<Dictionary<object, object>> documents, string kind, string name) =>
        documents.Single(document => document["kind"].ToString() == kind && DeploymentFiles.Map(document, "metadata")["name"].ToString() == name);

    private static KeyValuePair<string, string?> Variable(KeyValuePair<object, object> pair) => KeyValuePair.Create(pair.Key.ToString()!, pair.Value?.ToString());
}
