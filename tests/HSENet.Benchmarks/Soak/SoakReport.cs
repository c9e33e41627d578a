using System.Globalization;
using System.Text.Json;

namespace HSENet.Benchmarks.Soak;

/// <summary>The table for people and the raw numbers for whoever wants to look again.</summary>
internal static class SoakReport
{
    public static async Task WriteAsync(SoakResult result, string jsonFile)
    {
        Line($"{result.Options.SeriesCount} series of 8 slices, {result.Options.WorkerCount} workers, model {result.Options.ModelMilliseconds} ms, {result.Options.InFlightCount} in flight: {result.Seconds:F0} s, {result.Options.SeriesCount / result.Seconds * 60:F0} series/min");
        Line($"| | first fifth | last fifth | ratio | limit | |");
        Line($"|---|---|---|---|---|---|");
        foreach (var drift in result.Drifts)
            Line($"| {drift.What} | {drift.First:F3} | {drift.Last:F3} | {drift.Ratio:F2} | {drift.Limit:F2} | {(drift.IsFlat ? "flat" : "NOT FLAT")} |");
        Line($"(the machine's own pace, last to first fifth: {result.Slowdown:F2}; times may grow by that and by their limit)");
        Line($"\n| table | rows | read from end to end | rows read so | by index |");
        Line($"|---|---|---|---|---|");
        foreach (var table in result.Tables)
            Line($"| {table.Table} | {table.Rows} | {table.Scans} | {table.RowsScanned} | {table.IndexScans} |");
        Line($"\n| audit event | rows | missing | too many |");
        Line($"|---|---|---|---|");
        foreach (var row in result.Audit)
            Line($"| {row.Event} | {row.RowCount} | {row.MissingCount} | {row.ExcessCount} |");
        Line($"\nreports: {result.ReportCount} files, {result.Series.Count(series => series.ReportCount == 1)} series with exactly one; instances in the audit: {result.InstanceCount}; audit verify: {result.Verification}");
        foreach (var failure in result.Failures)
            Line($"FAILED {failure}");
        Line($"{(result.Failures.Any() ? "the soak does not hold" : "the soak holds")}");

        Directory.CreateDirectory(Path.GetDirectoryName(jsonFile)!);
        await File.WriteAllTextAsync(jsonFile, JsonSerializer.Serialize(result));
        Line($"{jsonFile}");
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
