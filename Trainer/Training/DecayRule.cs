namespace HSENet.Trainer.Training;

/// <summary>Which parameters AdamW decays: all but biases and the weights of norms, as the reference's library has it.</summary>
internal static class DecayRule
{
    /// <param name="name">Name in the weight files, for example <c>vision_encoder.blocks.0.norm1.weight</c>.</param>
    public static bool Decays(string name)
    {
        var parts = name.Split('.');
        return parts[^1] != "bias" && !(parts.Length > 1 && parts[^2].Contains("norm", StringComparison.OrdinalIgnoreCase));
    }
}
