namespace HSENet.Trainer.Evaluation.Labels;

/// <summary>What a clause says of a label that it speaks of.</summary>
internal enum Certainty
{
    Absent,
    Uncertain,
    Present,
}
