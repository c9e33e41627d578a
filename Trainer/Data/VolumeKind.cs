namespace HSENet.Trainer.Data;

/// <summary>The form in which a volume is kept.</summary>
internal enum VolumeKind
{
    Unknown,
    DicomFolder,
    Nifti,
    SafeTensors,

    /// <summary>A <c>.npy</c> array that the reference's scripts made: windowed, cropped and resized already (hsenet.md 3.1).</summary>
    Preprocessed,
}
