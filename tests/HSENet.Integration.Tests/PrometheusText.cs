using System.Globalization;
using System.Text.RegularExpressions;

namespace HSENet.Integration.Tests;

/// <summary>
/// A strict reader of Prometheus' text format (exposition format 0.0.4): one TYPE for each metric before its samples, samples of a metric together, no sample twice, values
/// that are numbers. What it does not know is an error.
/// </summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);

    private PrometheusText()
    {
    }

    /// <summary>Names of the metrics that have a TYPE.</summary>
    public IReadOnlyCollection<string> Metrics => _types.Keys;

    public static PrometheusText Parse(string text)
    {
        var page = new PrometheusText();
        string? current = null;
        foreach (var line in text.Split('\n'))
        {
            if (line.Length == 0 || line == "# EOF")
                continue;

            if (Comment().Match(line) is { Success: true } comment)
            {
                current = comment.Groups["name"].Value;
                if (comment.Groups["kind"].Value == "TYPE")
                    Assert.True(page._types.TryAdd(current, comment.Groups["text"].Value), $"a second TYPE of {current}");
                continue;
            }

            var sample = Sample().Match(line);
            Assert.True(sample.Success, $"no line of the format: {line}");
            var name = sample.Groups["name"].Value;
            Assert.True(current is not null && page._types.ContainsKey(current) && IsOf(current, page._types[current], name), $"{name} stands among {current}");
            Assert.True(double.TryParse(sample.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var value), line);
            Assert.True(page._samples.TryAdd(name + Sorted(sample.Groups["labels"].Value), value), $"twice: {line}");
        }

        return page;
    }

    /// <summary>The value of a sample with exactly these labels beside those of OpenTelemetry's scope; null for none.</summary>
    /// <param name="sample">Such as <c>hsenet_jobs{state="ready"}</c>.</param>
    public double? Value(string sample)
    {
        var brace = sample.IndexOf('{', StringComparison.Ordinal);
        var key = brace < 0 ? sample + "{}" : sample[..brace] + Sorted(sample[brace..].Trim('{', '}'));
        return _samples.TryGetValue(key, out var value) ? value : null;
    }

    private static bool IsOf(string metric, string type, string sample) => type switch
    {
        "histogram" => sample == metric + "_bucket" || sample == metric + "_sum" || sample == metric + "_count",
        _ => sample == metric,
    };

    private static string Sorted(string labels) =>
        "{" + string.Join(',', Label().Matches(labels).Select(m => m.Value).Where(l => !l.StartsWith("otel_scope_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)) + "}";

    [GeneratedRegex("^# (?<kind>TYPE|HELP|UNIT) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.*)$")]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*)\})? (?<value>[-+0-9.eE]+|NaN|[-+]Inf)( -?[0-9.]+)?$""")]
    private static partial Regex Sample();

    [GeneratedRegex("[a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Label();
}
