using System.Globalization;
using System.Text;

namespace HSENet.Trainer.Ablations;

/// <summary>The tables as Markdown.</summary>
internal static class TableText
{
    /// <param name="tables">As measured.</param>
    /// <param name="seeds">How many.</param>
    public static string Of(IReadOnlyList<TableSummary> tables, int seeds)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Mean ± half the width of the 95 % confidence interval (Student's t) over {seeds} seeds; in brackets the standard deviation. ");
        text.Append("A comparison holds, or is reversed, where the 95 % interval of the paired difference by the first column leaves out 0.\n");
        foreach (var table in tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### Table {table.Id}: {table.Title}\n\n| | {string.Join(" | ", table.Metrics)} | seconds |\n|---|{string.Concat(Enumerable.Repeat("---|", table.Metrics.Count + 1))}\n");
            foreach (var row in table.Rows)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {string.Join(" | ", table.Metrics.Select(metric => Cell(row.Values[metric])))} | {row.Seconds.Mean:F0} |\n");
            }

            text.Append('\n').Append(table.Reading).Append('\n');
            if (table.Notes.Length > 0)
            {
                text.Append(table.Notes).Append('\n');
            }

            text.Append(CultureInfo.InvariantCulture, $"\n| first by the paper | other | difference of {table.Metrics[0]} | |\n|---|---|---|---|\n");
            foreach (var claim in table.Claims)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {Name(table, claim.Better)} | {Name(table, claim.Worse)} | {Cell(claim.Difference, "+0.000;-0.000;0.000")} | {Word(claim.Verdict)} |\n");
            }
        }

        return text.ToString();
    }

    private static string Name(TableSummary table, string arm) => table.Rows.First(row => row.Arm == arm).Name;

    private static string Word(ClaimVerdict verdict) => verdict switch { ClaimVerdict.Holds => "holds", ClaimVerdict.Reversed => "reversed", _ => "not told apart" };

    private static string Cell(ValueSummary value, string format = "0.000") => value is { HalfWidth95: { } half, StandardDeviation: { } deviation }
        ? string.Create(CultureInfo.InvariantCulture, $"{value.Mean.ToString(format, CultureInfo.InvariantCulture)} ± {half:F3} ({deviation:F3})")
        : value.Mean.ToString(format, CultureInfo.InvariantCulture);
}
