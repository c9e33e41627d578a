namespace HSENet.Trainer.Evaluation.Labels;

/// <summary>The abnormality labels of CT-RATE, in its order, and those that only our phantoms have.</summary>
internal static class ChestLabels
{
    public const string MedicalMaterial = "Medical material";
    public const string ArterialCalcification = "Arterial wall calcification";
    public const string Cardiomegaly = "Cardiomegaly";
    public const string PericardialEffusion = "Pericardial effusion";
    public const string CoronaryCalcification = "Coronary artery wall calcification";
    public const string HiatalHernia = "Hiatal hernia";
    public const string Lymphadenopathy = "Lymphadenopathy";
    public const string Emphysema = "Emphysema";
    public const string Atelectasis = "Atelectasis";
    public const string LungNodule = "Lung nodule";
    public const string LungOpacity = "Lung opacity";
    public const string FibroticSequela = "Pulmonary fibrotic sequela";
    public const string PleuralEffusion = "Pleural effusion";
    public const string MosaicAttenuation = "Mosaic attenuation pattern";
    public const string PeribronchialThickening = "Peribronchial thickening";
    public const string Consolidation = "Consolidation";
    public const string Bronchiectasis = "Bronchiectasis";
    public const string SeptalThickening = "Interlobular septal thickening";

    /// <summary>Not one of the 18.</summary>
    public const string Pneumothorax = "Pneumothorax";

    /// <summary>The 18 columns of CT-RATE's label files.</summary>
    public static IReadOnlyList<string> CtRate { get; } =
    [
        MedicalMaterial, ArterialCalcification, Cardiomegaly, PericardialEffusion, CoronaryCalcification, HiatalHernia, Lymphadenopathy, Emphysema,
        Atelectasis, LungNodule, LungOpacity, FibroticSequela, PleuralEffusion, MosaicAttenuation, PeribronchialThickening, Consolidation,
        Bronchiectasis, SeptalThickening,
    ];

    /// <summary>The 18 and pneumothorax.</summary>
    public static IReadOnlyList<string> All { get; } = [.. CtRate, Pneumothorax];
}
