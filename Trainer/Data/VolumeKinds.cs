namespace HSENet.Trainer.Data;

/// <summary>Tells the form of a volume from its path.</summary>
internal static class VolumeKinds
{
    /// <returns><see cref="VolumeKind.Unknown"/> for what does not exist, too.</returns>
    public static VolumeKind Of(string path) =>
        Directory.Exists(path) ? VolumeKind.DicomFolder
        : !File.Exists(path) ? VolumeKind.Unknown
        : Ends(path, ".nii") || Ends(path, ".nii.gz") ? VolumeKind.Nifti
        : Ends(path, ".safetensors") ? VolumeKind.SafeTensors
        : Ends(path, ".npy") ? VolumeKind.Preprocessed
        : VolumeKind.Unknown;

    private static bool Ends(string path, string ending) => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
