namespace HSENet.Model.Generation.Guards;

/// <summary>What a sentence speaks of, as far as the guards tell findings apart.</summary>
internal enum FindingKind
{
    Nodule,
    Mass,
    PleuralEffusion,
    PericardialEffusion,
    Pneumothorax,
    Consolidation,
    GroundGlass,
    Atelectasis,
    Emphysema,
    Cardiomegaly,
    Lymphadenopathy,
    HiatalHernia,
    Calcification,
    Bronchiectasis,
    Fracture,
    Fibrosis,
    Thickening,
    Embolism,
    Cyst,
    Aneurysm,

    /// <summary>A vessel whose width is told: nothing to be there or not.</summary>
    Aorta,

    /// <inheritdoc cref="Aorta"/>
    PulmonaryArtery,
}
