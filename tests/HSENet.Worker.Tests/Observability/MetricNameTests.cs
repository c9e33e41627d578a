using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using HSENet.TestKit;
using HSENet.Worker.Hosting;
using HSENet.Worker.Observability;
using Microsoft.Extensions.DependencyInjection;

namespace HSENet.Worker.Tests.Observability;

/// <summary>Dashboard, alert rules and documentation name only metrics that the program has, and the documentation all of them.</summary>
public sealed partial class MetricNameTests
{
    private static readonly string[] HistogramSuffixes = ["_bucket", "_sum", "_count"];

    [Theory]
    [InlineData("deploy/dashboards/hsenet.json")]
    [InlineData("deploy/dashboards/hsenet-alerts.yaml")]
    [InlineData("deploy/docs/metrics.md")]
    public void Every_metric_that_is_named_is_there(string file)
    {
        var named = Names(File.ReadAllText(Repo.Path(file)));
        Assert.True(named.Count >= 10, $"{named.Count} names in {file}");
        Assert.Empty(named.Except(Instruments()));
    }

    [Fact]
    public void Every_metric_is_documented_and_shown()
    {
        Assert.Empty(Instruments().Except(Names(File.ReadAllText(Repo.Path("deploy/docs/metrics.md")))));
        Assert.Empty(Instruments().Except(Names(File.ReadAllText(Repo.Path("deploy/dashboards/hsenet.json")))));
    }

    [Fact]
    public void The_dashboard_is_whole()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Repo.Path("deploy/dashboards/hsenet.json")));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels, p => Assert.NotEmpty(p.GetProperty("targets").EnumerateArray()));
        Assert.All(
            panels.SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => t.GetProperty("expr").GetString()!), e => Assert.True(IsBalanced(e), e));
    }

    [Fact]
    public void Every_alert_has_what_an_alert_needs()
    {
        var text = File.ReadAllText(Repo.Path("deploy/dashboards/hsenet-alerts.yaml"));
        var alerts = text.Split("- alert: ")[1..];
        Assert.True(alerts.Length >= 8);
        Assert.Equal(alerts.Length, alerts.Select(a => a.Split('\n')[0]).Distinct().Count());
        foreach (var alert in alerts)
        {
            var expression = Expression().Match(alert);
            Assert.True(expression.Success && IsBalanced(expression.Groups[1].Value), alert);
            Assert.Matches(@"\n        for: \d+m\n", alert);
            Assert.Matches(@"\n        labels: \{ severity: (page|day) \}\n", alert);
            Assert.Matches(@"\n          summary: .+\n          action: .+", alert);
        }
    }

    private static HashSet<string> Names(string text) =>
        [.. Name().Matches(text).Select(m => HistogramSuffixes.Aggregate(m.Value, (name, suffix) => name.EndsWith("_seconds" + suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name))];

    /// <summary>The service's own instruments, by the names that Prometheus shows: a suffix for the unit, and one for counters.</summary>
    private static HashSet<string> Instruments()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        using var host = WorkerHost.Build(["--HSENet:Queue:Transport=rabbitmq", "--HSENet:Queue:User=nobody"], isIsolated: true);
        var factory = host.Services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == WorkerMetrics.MeterName && instrument.Meter.Scope == factory)
                found.Add(PrometheusName(instrument));
        };
        listener.Start();
        host.Services.GetRequiredService<WorkerMetrics>();
        host.Services.GetRequiredService<WorkerGauges>();
        return found;
    }

    private static string PrometheusName(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_');
        name += instrument.Unit switch
        {
            "s" => "_seconds",
            "By" when !name.EndsWith("_bytes", StringComparison.Ordinal) => "_bytes",
            _ => "",
        };
        return instrument.GetType().Name.Contains("Counter", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static bool IsBalanced(string expression) =>
        expression.Count(c => c == '(') == expression.Count(c => c == ')')
        && expression.Count(c => c == '{') == expression.Count(c => c == '}')
        && expression.Count(c => c == '"') % 2 == 0;

    [GeneratedRegex(@"\bhsenet_[a-z0-9_]+")]
    private static partial Regex Name();

    [GeneratedRegex(@"\n        expr: (.+)\n")]
    private static partial Regex Expression();
}
