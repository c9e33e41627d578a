using HSENet.Worker.Configuration;
using Microsoft.Extensions.Configuration;

namespace HSENet.Worker.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void Defaults_are_those_of_the_contract()
    {
        var settings = Read();
        Assert.Equal("gateway,inference", settings.Roles);
        Assert.Equal(("HSENET", 11112, "127.0.0.1"), (settings.Dicom.AeTitle, settings.Dicom.Port, settings.Dicom.BindAddress));
        Assert.Equal(
            (TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(15), TimeSpan.FromHours(6)),
            (settings.Series.QuietPeriod, settings.Series.Deadline, settings.Series.OuterLimit));
        Assert.Equal((5L << 30, TimeSpan.FromDays(7)), (settings.Spool.MinimumFreeSpace.Bytes, settings.Spool.Retention));
        Assert.Equal(("memory", "auto", "auto"), (settings.Queue.Transport, settings.Model.Device, settings.Model.Precision));
        Assert.Equal("http://127.0.0.1:8080", settings.Web.Url);
        Assert.Empty(settings.Destinations);
        Assert.Empty(settings.Dicom.Sources);
    }

    [Fact]
    public void The_shipped_file_says_what_the_defaults_say()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "appsettings.json");
        var shipped = SettingsReader.Read(new ConfigurationBuilder().AddJsonFile(file).Build(), "/root-of-content");
        Assert.Equivalent(Read(), shipped, strict: true);
    }

    [Fact]
    public void Relative_paths_start_at_the_content_root()
    {
        var settings = Read(("Model:Directory", "models/ours"));
        Assert.Equal("/root-of-content/data", settings.Data.Directory);
        Assert.Equal("/root-of-content/models/ours", settings.Model.Directory);
        Assert.Equal("/root-of-content/tls/scp.pem", Read(("Dicom:Tls:Certificate", "tls/scp.pem"), ("Dicom:Tls:Key", "tls/scp.key")).Dicom.Tls.Certificate);
        Assert.Contains("Passfile=/root-of-content/.local/pgpass", settings.Database.ConnectionString, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("hsenet_service", settings.Database.ConnectionString, StringComparison.Ordinal);
        Assert.Contains("hsenet_owner", settings.Database.MigrationConnectionString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Roles", "gateway,typist", "HSENet:Roles")]
    [InlineData("Roles", "gateway", "HSENet:Queue:Transport")]
    [InlineData("Roles", "inference", "HSENet:Queue:Transport")]
    [InlineData("Dicom:AeTitle", "MORE THAN SIXTEEN", "HSENet:Dicom:AeTitle")]
    [InlineData("Dicom:AeTitle", "", "HSENet:Dicom:AeTitle")]
    [InlineData("Dicom:Port", "70000", "HSENet:Dicom:Port")]
    [InlineData("Dicom:Port", "many", "HSENet:Dicom:Port")]
    [InlineData("Dicom:BindAddress", "somewhere", "HSENet:Dicom:BindAddress")]
    [InlineData("Dicom:Tls:Enabled", "true", "HSENet:Dicom:Tls:Enabled")]
    [InlineData("Dicom:Sources:0:AeTitle", "CT1", "HSENet:Dicom:Sources:0:Address")]
    [InlineData("Dicom:Sources:0:CommitmentPort", "70000", "HSENet:Dicom:Sources:0:CommitmentPort must")]
    [InlineData("Dicom:Sources:0:CommitmentTls", "true", "need HSENet:Dicom:Sources:0:CommitmentPort")]
    [InlineData("Dicom:Sources:0:CommitmentHost", "ct1", "need HSENet:Dicom:Sources:0:CommitmentPort")]
    [InlineData("Series:QuietPeriod", "00:00:00", "HSENet:Series:QuietPeriod")]
    [InlineData("Series:Deadline", "00:00:05", "HSENet:Series:Deadline")]
    [InlineData("Series:OuterLimit", "00:14:59", "HSENet:Series:OuterLimit")]
    [InlineData("Series:QuitePeriod", "00:00:05", "HSENet:Series:QuitePeriod")]
    [InlineData("Serie:QuietPeriod", "00:00:05", "HSENet:Serie")]
    [InlineData("Routes:0:Name", "chest", "HSENet:Routes:0:When is missing")]
    [InlineData("Model:MaximumLoaded", "0", "HSENet:Model:MaximumLoaded")]
    [InlineData("Telemetry:OtlpEndpoint", "collector", "HSENet:Telemetry:OtlpEndpoint")]
    [InlineData("Telemetry:OtlpProtocol", "smoke", "HSENet:Telemetry:OtlpProtocol")]
    [InlineData("Destinations:0:Host", "pacs", "HSENet:Destinations:0:Name")]
    [InlineData("Dicom:Tls:Certificate", "scp.pem", "HSENet:Dicom:Tls:Key")]
    [InlineData("Dicom:Tls:Port", "-1", "HSENet:Dicom:Tls:Port")]
    [InlineData("Destinations:0:TlsCa", "ca.pem", "HSENet:Destinations:0:Tls")]
    [InlineData("Destinations:0:TlsName", "pacs.example", "HSENet:Destinations:0:Tls")]
    [InlineData("Database:ConnectionString", "Server", "HSENet:Database:ConnectionString")]
    [InlineData("Database:MigrationConnectionString", "Nonsense=1", "HSENet:Database:MigrationConnectionString")]
    [InlineData("Queue:Transport", "rabbitmq", "HSENet:Queue:User")]
    [InlineData("Queue:Transport", "pigeon", "HSENet:Queue:Transport")]
    [InlineData("Data:Directory", "", "HSENet:Data:Directory")]
    [InlineData("Spool:MinimumFreeSpace", "5 gigs", "HSENet:Spool:MinimumFreeSpace")]
    [InlineData("Spool:Retention", "00:00:01", "HSENet:Spool:Retention")]
    [InlineData("Model:Device", "tpu", "HSENet:Model:Device")]
    [InlineData("Model:Precision", "fp8", "HSENet:Model:Precision")]
    [InlineData("Web:Url", "http://0.0.0.0:80", "HSENet:Web:Url")]
    [InlineData("Web:Auth:Authority", "https://sign-in.example", "HSENet:Web:Auth:ClientId")]
    [InlineData("Model:JobMemory", "-1", "HSENet:Model:JobMemory")]
    public void A_wrong_setting_stops_the_start_and_is_named(string key, string value, string named)
    {
        var failure = Assert.Throws<WorkerException>(() => Read((key, value)));
        Assert.Equal("configuration.invalid", failure.Code);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Series:QuietPeriod", "soon", "HSENet:Series:QuietPeriod is \"soon\": a duration hh:mm:ss, or days.hh:mm:ss, is wanted, such as 00:00:20")]
    [InlineData("Series:QuietPeriod", "20", "HSENet:Series:QuietPeriod is \"20\": a duration hh:mm:ss, or days.hh:mm:ss, is wanted, such as 00:00:20")]
    [InlineData("Series:QuietPeriod", "", "HSENet:Series:QuietPeriod is \"\": a duration hh:mm:ss, or days.hh:mm:ss, is wanted, such as 00:00:20")]
    [InlineData("Spool:Retention", "168:00:00", "HSENet:Spool:Retention is \"168:00:00\": a duration hh:mm:ss, or days.hh:mm:ss, is wanted, such as 7.00:00:00")]
    [InlineData("Spool:MinimumFreeSpace", "5 gigs", "HSENet:Spool:MinimumFreeSpace is \"5 gigs\": a size in bytes, or with KiB, MiB, GiB or TiB, is wanted, such as 5GiB")]
    [InlineData("Dicom:Port", "many", "HSENet:Dicom:Port is \"many\": a whole number is wanted, such as 11112")]
    [InlineData("Dicom:Port", "99999999999", "HSENet:Dicom:Port is \"99999999999\": a whole number is wanted, such as 11112")]
    [InlineData("Dicom:Tls:Enabled", "perhaps", "HSENet:Dicom:Tls:Enabled is \"perhaps\": true or false is wanted, such as false")]
    [InlineData("Destinations:0:Port", "dicom", "HSENet:Destinations:0:Port is \"dicom\": a whole number is wanted, such as 104")]
    [InlineData("Series", "fast", "HSENet:Series has a value of its own: settings below it are wanted, such as HSENet:Series:QuietPeriod")]
    [InlineData("Destinations", "pacs", "HSENet:Destinations has a value of its own: settings below it are wanted, such as HSENet:Destinations:0")]
    [InlineData("Dicom:Port", "70000", "HSENet:Dicom:Port must be 0 to 65535: it is 70000, the default is 11112")]
    [InlineData("Series:QuietPeriod", "01:00:00", "HSENet:Series:QuietPeriod must be 00:00:00.1 to 00:30:00: it is 01:00:00, the default is 00:00:20")]
    public void A_value_of_the_wrong_kind_is_told_in_the_settings_own_terms(string key, string value, string told)
    {
        var failure = Assert.Throws<WorkerException>(() => Read((key, value)));
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_wrong_value_is_told_at_once()
    {
        var failure = Assert.Throws<WorkerException>(() => Read(("Dicom:Port", "many"), ("Series:Deadline", "late")));
        Assert.Contains("HSENet:Dicom:Port is", failure.Message, StringComparison.Ordinal);
        Assert.Contains("HSENet:Series:Deadline is", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_secret_is_not_repeated()
    {
        var failure = Assert.Throws<WorkerException>(() => Read(("Database:ConnectionString", "Nonsense=hush")));
        Assert.DoesNotContain("hush", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name", "", "HSENet:Routes:0:Name")]
    [InlineData("Name", "second", "HSENet:Routes:1:Name is used twice")]
    [InlineData("When", "Modality = \"CT\"", "HSENet:Routes:0:When at character 10")]
    [InlineData("When", "Modalty == \"CT\"", "HSENet:Routes:0:When at character 1: \"Modalty\" is not the keyword")]
    [InlineData("When", "SeriesDescription matches \"(a\"", "HSENet:Routes:0:When at character 27")]
    [InlineData("Mode", "live", "HSENet:Routes:0:Mode")]
    [InlineData("Model", "../other", "HSENet:Routes:0:Model")]
    [InlineData("Model", "..", "HSENet:Routes:0:Model")]
    [InlineData("Destinations:0", "PACS", "HSENet:Routes:0:Destinations names PACS")]
    [InlineData("Priority", "high", "HSENet:Routes:0:Priority")]
    [InlineData("PerStudy", "some", "HSENet:Routes:0:PerStudy")]
    [InlineData("Priorty", "stat", "HSENet:Routes:0:Priorty is not a setting")]
    public void A_wrong_route_is_named(string key, string value, string named)
    {
        (string Key, string Value)[] sound =
        [
            ("Routes:0:Name", "first"), ("Routes:0:When", "Modality == \"CT\""), ("Routes:1:Name", "second"), ("Routes:1:When", "Rows exists"),
            ("Destinations:0:Name", "pacs"), ("Destinations:0:AeTitle", "PACS"), ("Destinations:0:Host", "10.0.0.1"),
        ];
        Assert.Equal(["first", "second"], Read(sound).Routes.Select(r => r.Name));
        var failure = Assert.Throws<WorkerException>(() => Read([.. sound.Where(s => s.Key != $"Routes:0:{key}"), ($"Routes:0:{key}", value)]));
        Assert.Equal("configuration.invalid", failure.Code);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Naming_a_sign_in_that_is_not_there_opens_no_door()
    {
        var failure = Assert.Throws<WorkerException>(() =>
            Read(("Web:Url", "http://0.0.0.0:8080"), ("Web:Auth:Authority", "https://sign-in.example"), ("Web:Auth:ClientId", "hsenet")));
        Assert.Contains("HSENet:Web:Url must be a loopback address", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_address_there_is_no_web() => Assert.False(Read(("Web:Url", "")).Web.IsEnabled);

    [Fact]
    public void Lists_units_and_durations_are_read()
    {
        var settings = Read(
            ("Destinations:0:Name", "pacs"), ("Destinations:0:AeTitle", "PACS"), ("Destinations:0:Host", "10.0.0.1"), ("Destinations:0:Port", "104"),
            ("Dicom:Sources:0:AeTitle", "CT1"), ("Dicom:Sources:0:Address", "10.1.0.0/16"),
            ("Spool:MinimumFreeSpace", "200MiB"), ("Series:QuietPeriod", "00:00:05"));
        Assert.Equal(("pacs", "PACS", "10.0.0.1", 104), (settings.Destinations[0].Name, settings.Destinations[0].AeTitle, settings.Destinations[0].Host, settings.Destinations[0].Port));
        Assert.Equal("10.1.0.0/16", Assert.Single(settings.Dicom.Sources).Address);
        Assert.Equal(200L << 20, settings.Spool.MinimumFreeSpace.Bytes);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Series.QuietPeriod);
    }

    [Theory]
    [InlineData("Queue:Host", "", "HSENet:Queue:Host")]
    [InlineData("Queue:Port", "0", "HSENet:Queue:Port")]
    [InlineData("Queue:VirtualHost", " ", "HSENet:Queue:VirtualHost")]
    [InlineData("Queue:TlsCa", "ca.pem", "HSENet:Queue:TlsCa")]
    public void A_wrong_setting_of_the_broker_is_named(string key, string value, string named)
    {
        var failure = Assert.Throws<WorkerException>(() => Read(("Queue:Transport", "rabbitmq"), ("Queue:User", "worker"), (key, value)));
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("inference")]
    public void With_a_broker_each_role_may_have_a_process_of_its_own(string role)
    {
        var settings = Read(("Roles", role), ("Queue:Transport", "rabbitmq"), ("Queue:User", "worker"), ("Queue:Tls", "true"), ("Queue:TlsCa", "ca.pem"));
        Assert.Equal(role == "gateway", settings.Has(WorkerRoles.Gateway));
        Assert.Equal(role == "inference", settings.Has(WorkerRoles.Inference));
        Assert.Equal("/root-of-content/ca.pem", settings.Queue.TlsCa);
        Assert.Equal("Demo", settings.Model.DirectoryName);
    }

    [Fact]
    public void The_command_line_wins()
    {
        var settings = SettingsReader.Read(["--HSENet:Dicom:Port=0", "--HSENet:Dicom:AeTitle", "OTHER"], "/root-of-content");
        Assert.Equal((0, "OTHER"), (settings.Dicom.Port, settings.Dicom.AeTitle));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("5368709120", 5368709120)]
    [InlineData("5GiB", 5368709120)]
    [InlineData("1 kib", 1024)]
    [InlineData("2TiB", 2199023255552)]
    [InlineData("7B", 7)]
    public void Sizes_have_binary_units(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var size));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GiB")]
    [InlineData("-1")]
    [InlineData("1.5GiB")]
    [InlineData("5GB!")]
    [InlineData("99999999999GiB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    private static WorkerSettings Read(params (string Key, string Value)[] values) => SettingsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create($"HSENet:{v.Key}", (string?)v.Value))).Build(),
        "/root-of-content");
}
