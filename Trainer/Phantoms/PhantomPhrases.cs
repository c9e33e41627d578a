using HSENet.Dicom.Phantoms;
using static HSENet.Dicom.Phantoms.PhantomFindingKind;
using static HSENet.Trainer.Phantoms.FindingWords;

namespace HSENet.Trainer.Phantoms;

/// <summary>The wordings of phantom reports: our own.</summary>
internal static class PhantomPhrases
{
    public static IReadOnlyList<string> Airway { get; } =
        ["The trachea and both main bronchi are patent.", "The central airways are open.", "Trachea and main bronchi are of normal width."];

    public static IReadOnlyList<string> Normal { get; } = ["No significant abnormality.", "Normal chest CT.", "Unremarkable examination."];

    public static IReadOnlyList<string> ClearPleura { get; } =
        ["No pleural effusion or pneumothorax.", "There is neither pleural effusion nor pneumothorax.", "Both pleural spaces are free of effusion and pneumothorax."];

    public static IReadOnlyList<string> Present(PhantomFinding f) => f.Kind switch
    {
        Nodule =>
        [
            $"A {f.SizeMm} mm nodule is seen in the {Place(f)}.", $"There is a solid nodule of {f.SizeMm} mm in the {Place(f)}.",
            $"In the {Place(f)} there is a nodule measuring {f.SizeMm} mm.",
        ],
        PleuralEffusion when f.Side == PhantomSide.Both =>
            [$"{Capital(Extent(f.Extent)!)} bilateral pleural effusions are seen.", $"There are {Extent(f.Extent)} pleural effusions on both sides."],
        PleuralEffusion =>
        [
            $"{Capital(Extent(f.Extent)!)} {Side(f.Side)} pleural effusion is seen.", $"There is a {Extent(f.Extent)} pleural effusion on the {Side(f.Side)}.",
            $"Fluid layers in the {Side(f.Side)} pleural space, a {Extent(f.Extent)} effusion.",
        ],
        Consolidation =>
        [
            $"Consolidation is present in the {Place(f)}.", $"The {Place(f)} shows an area of consolidation of {f.SizeMm} mm.",
            $"There is a {f.SizeMm} mm consolidation in the {Place(f)}.",
        ],
        Pneumothorax =>
        [
            $"There is a {Side(f.Side)} pneumothorax.", $"A pneumothorax is seen on the {Side(f.Side)}.",
            $"Air lies in front of the {Side(f.Side)} lung, a pneumothorax.",
        ],
        Cardiomegaly => ["The heart is enlarged.", "Heart size is increased.", "There is cardiomegaly.", "The cardiothoracic ratio is increased."],
        Emphysema =>
            ["Emphysema is seen in both upper lobes.", "There are emphysematous changes in the upper zones of both lungs.", "Both upper lobes show emphysema."],
        AorticCalcification =>
            ["Calcified plaques are seen along the aortic wall.", "The wall of the aorta is calcified.", "There is atherosclerotic calcification of the thoracic aorta."],
        HiatalHernia =>
            ["A hiatal hernia is seen.", $"There is a hiatal hernia of {f.SizeMm} mm.", "Part of the stomach lies above the diaphragm, a hiatal hernia."],
        Lymphadenopathy =>
        [
            $"Enlarged lymph nodes of up to {f.SizeMm} mm are seen in the mediastinum.", "There is mediastinal lymphadenopathy.",
            $"Mediastinal lymph nodes are enlarged, the largest {f.SizeMm} mm.",
        ],
        Atelectasis => [$"Plate-like atelectasis is seen in the {Place(f)}.", $"There is a band of atelectasis in the {Place(f)}."],
        GroundGlass =>
            [$"A ground-glass opacity of {f.SizeMm} mm is seen in the {Place(f)}.", $"The {Place(f)} shows a {f.SizeMm} mm ground-glass opacity."],
        PericardialEffusion => ["There is a pericardial effusion.", "Pericardial effusion is seen."],
        _ => throw new ArgumentOutOfRangeException(nameof(f)),
    };

    public static IReadOnlyList<string> Absent(PhantomFindingKind kind) => kind switch
    {
        Nodule => ["No pulmonary nodule is seen.", "There is no nodule or mass in either lung.", "Lung nodules were not observed.", "The lungs are free of nodules."],
        PleuralEffusion => ["No pleural effusion.", "There is no pleural effusion.", "Pleural effusion was not observed.", "Neither pleural space holds an effusion."],
        Consolidation => ["No consolidation.", "Consolidation was not observed.", "There is no focal consolidation."],
        Pneumothorax => ["No pneumothorax.", "There is no pneumothorax.", "Pneumothorax was not detected."],
        Cardiomegaly => ["Heart size is normal.", "The heart is not enlarged.", "There is no cardiomegaly.", "Cardiac contours are within normal limits."],
        Emphysema => ["No emphysema.", "Emphysema was not detected.", "There are no emphysematous changes."],
        AorticCalcification => ["No calcification of the aortic wall.", "The aorta is free of calcified plaques.", "Calcified plaques of the aorta were not observed."],
        HiatalHernia => ["No hiatal hernia.", "There is no hiatal hernia.", "A hiatal hernia was not observed."],
        Lymphadenopathy => ["No enlarged mediastinal lymph nodes.", "There is no lymphadenopathy.", "Enlarged lymph nodes were not detected.", "Lymph nodes are within normal limits."],
        Atelectasis => ["No atelectasis.", "There is no atelectasis."],
        GroundGlass => ["No ground-glass opacity.", "Ground-glass opacities were not observed."],
        PericardialEffusion => ["No pericardial effusion.", "Pericardial effusion was not observed."],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>In the impression, without a full stop.</summary>
    public static string Short(PhantomFinding f) => f.Kind switch
    {
        Nodule => $"{Capital(Place(f))} nodule, {f.SizeMm} mm",
        PleuralEffusion when f.Side == PhantomSide.Both => $"{Capital(Extent(f.Extent)!)} bilateral pleural effusions",
        PleuralEffusion => $"{Capital(Extent(f.Extent)!)} {Side(f.Side)} pleural effusion",
        Pneumothorax => $"{Capital(Side(f.Side)!)} pneumothorax",
        Consolidation => $"{Capital(Place(f))} consolidation",
        Emphysema => "Emphysema of both upper lobes",
        AorticCalcification => "Aortic wall calcification",
        Lymphadenopathy => "Mediastinal lymphadenopathy",
        Atelectasis => $"{Capital(Place(f))} atelectasis",
        GroundGlass => $"{Capital(Place(f))} ground-glass opacity",
        _ => Label(f.Kind),
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
