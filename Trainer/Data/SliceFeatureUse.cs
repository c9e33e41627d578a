namespace HSENet.Trainer.Data;

/// <summary>Which slice features the cases carry.</summary>
internal enum SliceFeatureUse
{
    /// <summary>None: nothing is guided by slices (stage 1).</summary>
    None,

    /// <summary>All from the encoder.</summary>
    Encoder,

    /// <summary>Those that the manifest names; where an item has none, from the encoder if there is one, else the item cannot be used.</summary>
    Manifest,
}
