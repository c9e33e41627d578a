namespace HSENet.Model.Generation.Guards;

/// <summary>A finding as one sentence tells it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="IsDenied">The sentence says that it is not there.</param>
/// <param name="IsPlain">Said without a condition: denied of everything that it could be, or stated without doubt or past.</param>
internal sealed record FindingMention(FindingKind Kind, bool IsDenied, bool IsPlain)
{
    /// <summary>"left", "right", "both" or none.</summary>
    public string Side { get; init; } = string.Empty;

    /// <summary>Lobe or segment, without the side.</summary>
    public string Place { get; init; } = string.Empty;

    /// <summary>The organ, where it is another than the lung.</summary>
    public string Organ { get; init; } = string.Empty;

    /// <summary>As told, mm.</summary>
    public IReadOnlyList<double> SizesMm { get; init; } = [];

    /// <summary>What else the sentence says of it: words that are no fillers, in alphabetical order.</summary>
    public string Rest { get; init; } = string.Empty;

    /// <summary>The words say that it is one more than those told before.</summary>
    public bool IsOneMore { get; init; }

    /// <summary>Spoken of as something told before: "the effusion".</summary>
    public bool IsKnown { get; init; }

    /// <summary>"left" or "right", where one finding is spoken of as told before and by its side: "the nodule in the left upper lobe". Else none.</summary>
    public string KnownSide { get; init; } = string.Empty;

    /// <summary>The organ, where there are such findings in several of them.</summary>
    public string OrganThatMatters => Kind is FindingKind.Nodule or FindingKind.Mass or FindingKind.Calcification or FindingKind.Cyst
        or FindingKind.Lymphadenopathy or FindingKind.Thickening or FindingKind.Fracture
        or FindingKind.Fibrosis or FindingKind.Embolism or FindingKind.Emphysema ? Organ : string.Empty;

    public bool HasOneSide => Side is "left" or "right";
}
