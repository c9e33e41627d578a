namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>A bar of a chart.</summary>
/// <param name="Label">What it is of.</param>
/// <param name="Value">0..1.</param>
/// <param name="Mark">What it is to be compared with, 0..1; null: nothing.</param>
/// <param name="Note">Behind the value.</param>
internal sealed record Bar(string Label, double Value, double? Mark, string Note);
