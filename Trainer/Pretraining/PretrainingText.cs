namespace HSENet.Trainer.Pretraining;

/// <summary>What of a report a volume is matched with.</summary>
internal enum PretrainingText
{
    /// <summary>The findings, as the reference has it.</summary>
    Findings,

    /// <summary>Findings and impression.</summary>
    FindingsAndImpression,
}
