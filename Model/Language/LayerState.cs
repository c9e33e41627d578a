namespace HSENet.Model.Language;

/// <summary>What one decoder layer needs besides its input.</summary>
/// <param name="Rotary">Covers every position of the sequence.</param>
/// <param name="Cache">Null: the input is the whole sequence and nothing is kept.</param>
/// <param name="Layer">Index of the layer in the cache.</param>
internal readonly record struct LayerState(RotaryTable Rotary, KeyValueCache? Cache, int Layer)
{
    /// <summary>Position of the input's first token.</summary>
    public int Start => Cache?.Length ?? 0;
}
