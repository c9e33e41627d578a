using HSENet.Model.Generation.Guards;

namespace HSENet.Trainer.Tests.Guards;

/// <summary>
/// Words of chest CT reports, our own. Placeholders: {side}, {lobe}, {mm}, {cm}, {n} (an image number). At each | the sentence, cut there,
/// breaks off. The forms of a finding in prose say the same.
/// </summary>
internal sealed record ReportWording
{
    /// <summary>The finding is there: in prose, in lists, in the impression.</summary>
    public required IReadOnlyDictionary<FindingKind, (string[] Prose, string[] List, string[] Short)> Present { get; init; }

    /// <summary>The finding was told before: one of a lobe, one of a side. {noun} is what it is.</summary>
    public required (string[] OfLobe, string[] OfSide) Again { get; init; }

    /// <summary>The finding is not there.</summary>
    public required IReadOnlyDictionary<FindingKind, (string[] Prose, string[] List)> Absent { get; init; }

    /// <summary>What reports say besides.</summary>
    public required string[] ContextProse { get; init; }

    public required string[] ContextList { get; init; }

    public required string[] Conclusions { get; init; }

    public required string[] Advice { get; init; }
}
