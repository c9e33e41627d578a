using static TorchSharp.torch;

namespace HSENet.Model.Preprocessing;

/// <summary>A CT volume in the form that the networks take.</summary>
/// <param name="Volume">Row-major (depth, axis 1, axis 2) of <see cref="PreprocessSpec.Image"/>, 0..1.</param>
/// <param name="Slices">The slices for the 2D encoder.</param>
/// <param name="Transform">The way back to the source voxels.</param>
internal sealed record PreprocessedCt(float[] Volume, SliceStack Slices, VolumeTransform Transform)
{
    /// <returns>[1, 1, D, H, W] float32 on the CPU; the caller owns it</returns>
    public Tensor ToTensor()
    {
        var (d, h, w) = Transform.Image;
        return tensor(Volume, [1, 1, d, h, w]);
    }
}
