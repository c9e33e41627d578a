using System.Globalization;

namespace HSENet.Trainer.Ablations;

/// <summary>A table as measured, and whether the paper's order is found in it.</summary>
/// <param name="Id">As in the paper.</param>
/// <param name="Title">What varies.</param>
/// <param name="Notes">What a reader has to know of the rows.</param>
/// <param name="Metrics">Columns, the deciding one first.</param>
/// <param name="Rows">The published setting is the last.</param>
/// <param name="Claims">By the deciding metric.</param>
/// <param name="Verdict">Holds: every comparison does. Reversed: at least one is. Undecided: neither.</param>
/// <param name="Reading">The same in words.</param>
internal sealed record TableSummary(
    string Id,
    string Title,
    string Notes,
    IReadOnlyList<string> Metrics,
    IReadOnlyList<RowSummary> Rows,
    IReadOnlyList<ClaimSummary> Claims,
    ClaimVerdict Verdict,
    string Reading)
{
    /// <param name="table">Its rows.</param>
    /// <param name="results">Of an arm, in the order of the seeds.</param>
    public static TableSummary Of(AblationTable table, Func<AblationArm, IReadOnlyList<ArmResult>> results)
    {
        ValueSummary Value(AblationArm arm, string metric) => ValueSummary.Of([.. results(arm).Select(result => result.Metrics[metric])]);
        RowSummary[] rows =
        [
            .. table.Rows.Select(row => new RowSummary(
                row.Name,
                row.Arm.Id,
                table.Metrics.ToDictionary(metric => metric, metric => Value(row.Arm, metric), StringComparer.Ordinal),
                ValueSummary.Of([.. results(row.Arm).Select(result => result.Seconds)]))),
        ];
        var deciding = table.Metrics[0];
        ClaimSummary[] claims =
        [
            .. table.Claims.Select(claim => ClaimSummary.Of(
                claim.Better.Id, claim.Worse.Id, Value(claim.Better, deciding).Values, Value(claim.Worse, deciding).Values)),
        ];
        var verdict = claims.All(claim => claim.Verdict == ClaimVerdict.Holds) ? ClaimVerdict.Holds
            : claims.Any(claim => claim.Verdict == ClaimVerdict.Reversed) ? ClaimVerdict.Reversed
            : ClaimVerdict.Undecided;
        return new(table.Id, table.Title, table.Notes, table.Metrics, rows, claims, verdict, Read(table, rows, claims, verdict));
    }

    private static string Read(AblationTable table, RowSummary[] rows, ClaimSummary[] claims, ClaimVerdict verdict)
    {
        int Place(string metric) => 1 + rows.Count(row => row.Values[metric].Mean > rows[^1].Values[metric].Mean);
        int Count(ClaimVerdict wanted) => claims.Count(claim => claim.Verdict == wanted);
        var answer = verdict switch
        {
            ClaimVerdict.Holds => "The paper's order holds.",
            ClaimVerdict.Reversed => "The paper's order does not hold.",
            _ => "Whether the paper's order holds is not decided.",
        };
        var others = string.Join(", ", table.Metrics.Skip(1).Select(metric => string.Create(CultureInfo.InvariantCulture, $"{metric} {Place(metric)}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{answer} By {table.Metrics[0]} the published setting has place {Place(table.Metrics[0])} of {rows.Length}; of {claims.Length} comparisons {Count(ClaimVerdict.Holds)} hold, {Count(ClaimVerdict.Reversed)} are reversed and {Count(ClaimVerdict.Undecided)} are not told apart. Its places by the other columns: {others}.");
    }
}
