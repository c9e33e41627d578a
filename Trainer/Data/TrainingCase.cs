namespace HSENet.Trainer.Data;

/// <summary>One study in the form that the networks take.</summary>
/// <param name="Item">Its line of the manifest.</param>
/// <param name="Volume">Row-major (depth, axis 1, axis 2) of the model's image, 0..1 before augmentation.</param>
/// <param name="SliceFeatures">Row-major (slices, width) of the slice encoder; null where nothing is guided by slices.</param>
internal sealed record TrainingCase(ManifestItem Item, float[] Volume, float[]? SliceFeatures);
