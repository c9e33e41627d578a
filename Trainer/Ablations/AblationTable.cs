namespace HSENet.Trainer.Ablations;

/// <summary>One table of the paper.</summary>
/// <param name="Id">As in the paper.</param>
/// <param name="Title">What varies.</param>
/// <param name="Rows">Their names and arms; the published setting is the last.</param>
/// <param name="Metrics">Names of the measured values, the deciding one first.</param>
/// <param name="Notes">What a reader has to know of the rows.</param>
internal sealed record AblationTable(string Id, string Title, IReadOnlyList<(string Name, AblationArm Arm)> Rows, IReadOnlyList<string> Metrics, string Notes = "")
{
    /// <summary>Comparisons beside "the published setting is better than every other row": better arm, worse arm.</summary>
    public IReadOnlyList<(AblationArm Better, AblationArm Worse)> Further { get; init; } = [];

    public AblationArm Ours => Rows[^1].Arm;

    /// <summary>What the paper claims of the table's order, as far as it is known here.</summary>
    public IEnumerable<(AblationArm Better, AblationArm Worse)> Claims => [.. Rows.SkipLast(1).Select(row => (Ours, row.Arm)), .. Further];
}
