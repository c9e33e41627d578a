namespace HSENet.Trainer.Contrastive;

/// <summary>The weight of the consistency loss over the steps of stage 2.</summary>
internal enum ConsistencySchedule
{
    /// <summary>As coded: 0.1 falling in a straight line to 0 at step 5,000.</summary>
    Decay,

    /// <summary>As printed (Eq. 5): 0.1.</summary>
    Constant,

    /// <summary>No consistency loss.</summary>
    Off,
}
