namespace HSENet.Trainer.FineTuning;

/// <summary>What is done to the volumes in training; slice features and texts stay as they are.</summary>
internal enum FineTuneAugmentation
{
    /// <summary>Nothing: patch features never change and can be kept.</summary>
    None,

    /// <summary>Turns, flips, scales and shifts (hsenet.md 3.6).</summary>
    Reference,

    /// <summary>Small moves and noise, which change neither side nor lobe.</summary>
    Phantom,
}
