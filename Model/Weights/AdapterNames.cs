namespace HSENet.Model.Weights;

/// <summary>
/// Names in adapter files. The authors' file has <c>base_model.model.model.layers.0.self_attn.qkv_proj.lora_A.default.weight</c>; PEFT's own writer
/// leaves out <c>.default</c>, and a state dict taken from the inner model leaves out what stands before. All mean
/// <c>layers.0.self_attn.qkv_proj.lora_A.weight</c>, the canonical name here; likewise <c>mm_projector…</c> and <c>mm_projector2…</c>.
/// </summary>
internal static class AdapterNames
{
    public const string GlobalPacker = "mm_projector.";
    public const string LocalPacker = "mm_projector2.";

    private static readonly string[] s_wrappers = ["base_model.", "model."];

    public static string Canonical(string name)
    {
        var rest = name;
        while (Array.Find(s_wrappers, wrapper => rest.StartsWith(wrapper, StringComparison.Ordinal)) is { } wrapper)
        {
            rest = rest[wrapper.Length..];
        }

        return rest.Replace(".lora_A.default.", ".lora_A.", StringComparison.Ordinal).Replace(".lora_B.default.", ".lora_B.", StringComparison.Ordinal);
    }

    /// <returns>The authors' spelling of a canonical name.</returns>
    public static string Published(string canonical) => string.Concat(
        "base_model.model.model.",
        canonical.Replace(".lora_A.", ".lora_A.default.", StringComparison.Ordinal).Replace(".lora_B.", ".lora_B.default.", StringComparison.Ordinal));

    /// <param name="canonical">A canonical name.</param>
    public static bool IsLora(string canonical) =>
        canonical.Contains(".lora_A.", StringComparison.Ordinal) || canonical.Contains(".lora_B.", StringComparison.Ordinal);
}
