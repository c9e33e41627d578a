using HSENet.Trainer.Data;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>One phantom, made ready for training.</summary>
/// <param name="Item">What is said of it.</param>
/// <param name="Volume">Row-major (depth, axis 1, axis 2) of the model's image, 0..1.</param>
/// <param name="Slices">Row-major (slices, image, image): the 8-bit input of the slice encoder.</param>
/// <param name="Patches">Row-major (patch, kind): how much of a patch a finding fills, 0 none to 255 enough to count.</param>
/// <param name="SliceKinds">Row-major (slice, kind): 1 where a finding lies in the slice.</param>
/// <param name="Traits">In the order of <see cref="DemoTraits"/>: 0 or 1.</param>
internal sealed record DemoCase(ManifestItem Item, Half[] Volume, byte[] Slices, byte[] Patches, byte[] SliceKinds, float[] Traits);
