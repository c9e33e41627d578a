namespace HSENet.Model.Generation.Guards;

/// <summary>
/// Finds sizes that no such finding has. A nodule is 30 mm at most, beyond it is a mass (Fleischner Society glossary, 2008); the other
/// bounds are generous.
/// </summary>
internal static class ImplausibleSize
{
    private const double SmallestMm = 0.5;
    private const double LargestInAChestMm = 400;

    private static readonly Dictionary<FindingKind, double> s_largestMm = new()
    {
        [FindingKind.Nodule] = 30,
        [FindingKind.Mass] = 250,
        [FindingKind.PleuralEffusion] = 250,
        [FindingKind.PericardialEffusion] = 80,
        [FindingKind.Pneumothorax] = 250,
        [FindingKind.Lymphadenopathy] = 100,
        [FindingKind.HiatalHernia] = 200,
        [FindingKind.Calcification] = 60,
        [FindingKind.Bronchiectasis] = 60,
        [FindingKind.Thickening] = 100,
        [FindingKind.Aneurysm] = 150,
        [FindingKind.Aorta] = 150,
        [FindingKind.PulmonaryArtery] = 80,
    };

    /// <summary>Nodules of other organs are not called masses at 30 mm.</summary>
    private static readonly string[] s_otherOrgans =
        ["thyroid", "adrenal", "liver", "hepatic", "renal", "kidney", "breast", "splenic", "spleen", "pancrea", "subcutaneous", "skin"];

    public static bool IsIn(ReportSentence sentence) =>
        sentence.Mentions.Any(mention => mention.SizesMm.Any(size => size < SmallestMm || size > Largest(mention)));

    private static double Largest(FindingMention mention) =>
        mention.Kind == FindingKind.Nodule && Array.Exists(s_otherOrgans, organ => mention.Organ.Contains(organ, StringComparison.Ordinal))
            ? s_largestMm[FindingKind.Mass]
            : s_largestMm.GetValueOrDefault(mention.Kind, LargestInAChestMm);
}
