namespace HSENet.Trainer.Data;

/// <summary>One line of a manifest: a volume and what is said of it.</summary>
internal sealed record ManifestItem
{
    /// <summary>Unique in the manifest.</summary>
    public required string Id { get; init; }

    /// <summary>A DICOM folder, a NIfTI or a safetensors file, relative to the manifest's folder or absolute.</summary>
    public required string Volume { get; init; }

    /// <summary>HU = slope * stored + intercept, where the volume's file does not carry them; null: it does, or holds HU.</summary>
    public RescaleValues? Rescale { get; init; }

    /// <summary>Voxel spacing in the file's own axis order, mm, where it is known better from elsewhere; null: from the file.</summary>
    public IReadOnlyList<double>? SpacingMm { get; init; }

    /// <summary>Slice features that exist already (32 x width), or null.</summary>
    public string? SliceFeatures { get; init; }

    public string? Findings { get; init; }

    public string? Impression { get; init; }

    public IReadOnlyList<QuestionAnswer> Questions { get; init; } = [];

    /// <summary>True or false by label; a label that is not there is not known.</summary>
    public IReadOnlyDictionary<string, bool> Labels { get; init; } = new Dictionary<string, bool>();

    public IReadOnlyList<LabelledFinding> Details { get; init; } = [];
}
