namespace HSENet.Model.Weights;

/// <summary>Names in the contrastive files.</summary>
internal static class ClipNames
{
    /// <param name="name">A name of a stage-1 or stage-2 file.</param>
    /// <returns>True for a tensor of the text encoders that the file may hold and nothing here uses: pooler, list of positions.</returns>
    public static bool IsUnused(string name)
    {
        var rest = name.StartsWith(PublishedShapes.Stage1Prefix, StringComparison.Ordinal) ? name[PublishedShapes.Stage1Prefix.Length..] : name;
        return rest.StartsWith(PublishedShapes.TextPrefix, StringComparison.Ordinal) && TextEncoderNames.IsUnused(rest[PublishedShapes.TextPrefix.Length..]);
    }
}
