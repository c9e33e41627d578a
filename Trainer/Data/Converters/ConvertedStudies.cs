namespace HSENet.Trainer.Data.Converters;

/// <summary>What a converter made of a published layout.</summary>
/// <param name="Items">In the order of the source.</param>
/// <param name="Bad">What was left out, and why.</param>
internal sealed record ConvertedStudies(IReadOnlyList<ManifestItem> Items, IReadOnlyList<BadItem> Bad);
