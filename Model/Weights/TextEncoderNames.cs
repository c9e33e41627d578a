namespace HSENet.Model.Weights;

/// <summary>
/// Names in BERT files: an optional <c>bert.</c> in front, <c>gamma</c> and <c>beta</c> for a LayerNorm's weight and bias in old files; the
/// pooler, the pre-training heads (<c>cls.</c>) and the list of positions are of no use here.
/// </summary>
internal static class TextEncoderNames
{
    public static string Canonical(string name)
    {
        var rest = name.StartsWith("bert.", StringComparison.Ordinal) ? name["bert.".Length..] : name;
        return rest.EndsWith("LayerNorm.gamma", StringComparison.Ordinal) ? rest[..^"gamma".Length] + "weight"
            : rest.EndsWith("LayerNorm.beta", StringComparison.Ordinal) ? rest[..^"beta".Length] + "bias"
            : rest;
    }

    /// <param name="name">A canonical name.</param>
    /// <returns>True for a tensor that BERT files may hold and nothing here uses.</returns>
    public static bool IsUnused(string name) =>
        name.StartsWith(PublishedShapes.PoolerPrefix, StringComparison.Ordinal) || name.StartsWith("cls.", StringComparison.Ordinal)
        || name is "embeddings.position_ids";
}
