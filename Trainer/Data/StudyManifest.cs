namespace HSENet.Trainer.Data;

/// <summary>The usable items of a manifest and those that were left out.</summary>
/// <param name="Directory">What relative paths are relative to.</param>
/// <param name="Items">In file order.</param>
/// <param name="Bad">In file order.</param>
internal sealed record StudyManifest(string Directory, IReadOnlyList<ManifestItem> Items, IReadOnlyList<BadItem> Bad)
{
    public string Resolve(string path) => Path.GetFullPath(path, Directory);

    /// <summary>How many were left out, and for what: one line for a log, then one for each.</summary>
    public void Report(TextWriter output)
    {
        output.WriteLine($"{Items.Count} items, {Bad.Count} left out");
        foreach (var bad in Bad)
        {
            output.WriteLine($"  left out: {bad.Name}: {bad.Code}: {bad.Detail}");
        }
    }
}
