namespace HSENet.Trainer.FineTuning;

/// <summary>What packers and low-rank matrices begin with.</summary>
internal enum FineTuneStart
{
    /// <summary>Drawn from the seed, as the published models do; a new adapter changes nothing.</summary>
    Fresh,

    /// <summary>Those of the model directory for this task, or those for reports where it has none of its own.</summary>
    Model,
}
