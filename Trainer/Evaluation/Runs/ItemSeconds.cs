namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>Seconds spent on one item.</summary>
/// <param name="Load">Reading and preprocessing, or taking from the cache; no part of what publications tell.</param>
/// <param name="Encode">Towers and packers; slice features belong to <paramref name="Load"/>.</param>
/// <param name="Prefill">The prompt through the language model.</param>
/// <param name="Decode">The new tokens.</param>
internal sealed record ItemSeconds(double Load, double Encode, double Prefill, double Decode)
{
    /// <summary>From preprocessed input to text.</summary>
    public double Inference => Encode + Prefill + Decode;
}
