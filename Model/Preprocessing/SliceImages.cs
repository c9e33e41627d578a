using static TorchSharp.torch;

namespace HSENet.Model.Preprocessing;

/// <summary>Brings 8-bit slices to the input of the 2D encoder.</summary>
internal static class SliceImages
{
    /// <param name="slices">The slices.</param>
    /// <param name="image">Side of the encoder's input, pixels.</param>
    /// <returns>[S, 3, image, image] float32 on the CPU, normalised; the caller owns it</returns>
    public static Tensor ToTensor(SliceStack slices, int image) => throw new NotImplementedException();
}
