using HSENet.Dicom.Phantoms;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>What the extra losses ask for: each kind of finding, then side, lobe and extent of those that have them.</summary>
internal static class DemoTraits
{
    /// <summary>The kinds that the corpus holds.</summary>
    public static IReadOnlyList<PhantomFindingKind> Kinds { get; } = [.. Enum.GetValues<PhantomFindingKind>().Where(kind => kind < PhantomFindingKind.Atelectasis)];

    private static readonly (PhantomSide Side, PhantomLobe Lobe)[] s_places =
    [
        (PhantomSide.Right, PhantomLobe.Upper), (PhantomSide.Right, PhantomLobe.Middle), (PhantomSide.Right, PhantomLobe.Lower),
        (PhantomSide.Left, PhantomLobe.Upper), (PhantomSide.Left, PhantomLobe.Lower),
    ];

    private static readonly Func<PhantomFinding, bool>[] s_traits =
    [
        .. Kinds.Select(kind => (Func<PhantomFinding, bool>)(finding => finding.Kind == kind)),
        .. from kind in new[] { PhantomFindingKind.Nodule, PhantomFindingKind.Consolidation }
           from place in s_places
           select (Func<PhantomFinding, bool>)(finding => finding.Kind == kind && (finding.Side, finding.Lobe) == place),
        .. from kind in new[] { PhantomFindingKind.PleuralEffusion, PhantomFindingKind.Pneumothorax }
           from side in new[] { PhantomSide.Right, PhantomSide.Left }
           select (Func<PhantomFinding, bool>)(finding => finding.Kind == kind && (finding.Side == side || finding.Side == PhantomSide.Both)),
        finding => finding.Kind == PhantomFindingKind.PleuralEffusion && finding.Extent == PhantomExtent.Moderate,
    ];

    public static int Count => s_traits.Length;

    public static float[] Of(IReadOnlyList<PhantomFinding> findings) => [.. s_traits.Select(trait => findings.Any(trait) ? 1f : 0f)];
}
