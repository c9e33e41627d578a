namespace HSENet.Trainer.Data;

/// <summary>The form in which a volume is kept.</summary>
internal enum VolumeKind
{
    Unknown,
    DicomFolder,
    Nifti,
    SafeTensors,
}
