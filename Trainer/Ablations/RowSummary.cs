namespace HSENet.Trainer.Ablations;

/// <summary>One row of a table.</summary>
/// <param name="Name">As printed.</param>
/// <param name="Arm">Id.</param>
/// <param name="Values">By metric.</param>
/// <param name="Seconds">Training and measuring, shared stages not counted.</param>
internal sealed record RowSummary(string Name, string Arm, IReadOnlyDictionary<string, ValueSummary> Values, ValueSummary Seconds);
