namespace HSENet.Trainer.Evaluation.Labels;

/// <summary>One clause that speaks of a label.</summary>
internal sealed record LabelMention(string Label, Certainty Certainty, Side Side, string Clause);
