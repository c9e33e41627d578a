namespace HSENet.Trainer.Contrastive;

/// <summary>The two readings of the semantic consistency loss.</summary>
internal enum ConsistencyForm
{
    /// <summary>As coded: mean squared error of the full similarity matrices, both directions.</summary>
    FullMatrix,

    /// <summary>As printed (Eq. 4): sum of the squared errors of the B pairs on the diagonal.</summary>
    Diagonal,
}
