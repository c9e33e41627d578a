namespace HSENet.Dicom.Phantoms;

/// <summary>What a phantom can be ill with.</summary>
public enum PhantomFindingKind
{
    /// <summary>A solid sphere in a lung.</summary>
    Nodule,

    /// <summary>Fluid behind a lung.</summary>
    PleuralEffusion,

    /// <summary>An uneven dense part of a lung.</summary>
    Consolidation,

    /// <summary>Air in front of a lung.</summary>
    Pneumothorax,

    /// <summary>A heart wider than half the chest.</summary>
    Cardiomegaly,

    /// <summary>Holes in the upper half of both lungs.</summary>
    Emphysema,

    /// <summary>Plaques on the wall of the aorta.</summary>
    AorticCalcification,

    /// <summary>Stomach with gas above the diaphragm.</summary>
    HiatalHernia,

    /// <summary>Enlarged nodes about the trachea.</summary>
    Lymphadenopathy,

    /// <summary>A dense plate in a lower lobe. Not drawn unless asked for.</summary>
    Atelectasis,

    /// <summary>A faintly dense part of a lung. Not drawn unless asked for.</summary>
    GroundGlass,

    /// <summary>Fluid about the heart. Not drawn unless asked for.</summary>
    PericardialEffusion,
}
