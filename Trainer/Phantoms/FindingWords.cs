using HSENet.Dicom.Phantoms;
using HSENet.Trainer.Data;
using HSENet.Trainer.Evaluation.Labels;

namespace HSENet.Trainer.Phantoms;

/// <summary>What drawn findings are called in labels, reports and questions.</summary>
internal static class FindingWords
{
    public static string Label(PhantomFindingKind kind) => kind switch
    {
        PhantomFindingKind.Nodule => ChestLabels.LungNodule,
        PhantomFindingKind.PleuralEffusion => ChestLabels.PleuralEffusion,
        PhantomFindingKind.Consolidation => ChestLabels.Consolidation,
        PhantomFindingKind.Pneumothorax => ChestLabels.Pneumothorax,
        PhantomFindingKind.Cardiomegaly => ChestLabels.Cardiomegaly,
        PhantomFindingKind.Emphysema => ChestLabels.Emphysema,
        PhantomFindingKind.AorticCalcification => ChestLabels.ArterialCalcification,
        PhantomFindingKind.HiatalHernia => ChestLabels.HiatalHernia,
        PhantomFindingKind.Lymphadenopathy => ChestLabels.Lymphadenopathy,
        PhantomFindingKind.Atelectasis => ChestLabels.Atelectasis,
        PhantomFindingKind.GroundGlass => ChestLabels.LungOpacity,
        PhantomFindingKind.PericardialEffusion => ChestLabels.PericardialEffusion,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>In a question.</summary>
    public static string Term(PhantomFindingKind kind) => kind switch
    {
        PhantomFindingKind.Nodule => "lung nodule",
        PhantomFindingKind.AorticCalcification => "aortic calcification",
        PhantomFindingKind.GroundGlass => "ground-glass opacity",
        _ => Label(kind).ToLowerInvariant(),
    };

    /// <summary>True for what one has "a" of.</summary>
    public static bool IsCounted(PhantomFindingKind kind) => kind is PhantomFindingKind.Nodule or PhantomFindingKind.PleuralEffusion
        or PhantomFindingKind.Pneumothorax or PhantomFindingKind.HiatalHernia or PhantomFindingKind.GroundGlass or PhantomFindingKind.PericardialEffusion;

    public static string? Side(PhantomSide side) => side == PhantomSide.None ? null : side.ToString().ToLowerInvariant();

    public static string? Lobe(PhantomLobe lobe) => lobe == PhantomLobe.None ? null : lobe.ToString().ToLowerInvariant();

    public static string? Extent(PhantomExtent extent) => extent == PhantomExtent.None ? null : extent.ToString().ToLowerInvariant();

    /// <summary>"right upper lobe".</summary>
    public static string Place(PhantomFinding finding) => $"{Side(finding.Side)} {Lobe(finding.Lobe)} lobe";

    /// <summary>A path of anatomy as RadGenome's answers are: from the large to the small, "/" between.</summary>
    public static string Location(PhantomFinding finding) => finding.Kind switch
    {
        PhantomFindingKind.Cardiomegaly => "heart",
        PhantomFindingKind.PericardialEffusion => "heart/pericardium",
        PhantomFindingKind.HiatalHernia => "esophagus",
        PhantomFindingKind.Lymphadenopathy => "mediastinum",
        PhantomFindingKind.AorticCalcification => "mediastinum/aorta",
        PhantomFindingKind.Emphysema => "lung",
        PhantomFindingKind.PleuralEffusion or PhantomFindingKind.Pneumothorax =>
            finding.Side == PhantomSide.Both ? "pleura" : $"pleura/{Side(finding.Side)} pleura",
        _ => $"lung/{Side(finding.Side)} lung/{Place(finding)}",
    };

    public static LabelledFinding Detail(PhantomFinding finding) => new(
        Label(finding.Kind), Side(finding.Side), Lobe(finding.Lobe), finding.SizeMm > 0 ? finding.SizeMm : null, Extent(finding.Extent));
}
