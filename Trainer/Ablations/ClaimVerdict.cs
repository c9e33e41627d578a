namespace HSENet.Trainer.Ablations;

/// <summary>What the seeds say of "this arm is better than that".</summary>
internal enum ClaimVerdict
{
    /// <summary>The 95 % interval of the paired difference lies above 0.</summary>
    Holds,

    /// <summary>It holds 0, or there is one seed only.</summary>
    Undecided,

    /// <summary>It lies below 0.</summary>
    Reversed,
}
