using HSENet.Model.Preprocessing;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>The extra losses' targets and inputs of a batch as tensors.</summary>
internal static class Targets
{
    /// <returns>[B, traits]</returns>
    public static Tensor Traits(IReadOnlyList<DemoCase> cases) => tensor(cases.SelectMany(item => item.Traits).ToArray(), [cases.Count, DemoTraits.Count]);

    /// <returns>[B, patches, kinds], 0..1</returns>
    public static Tensor Patches(IReadOnlyList<DemoCase> cases) => Bytes(cases, item => item.Patches, 255);

    /// <returns>[B * slices, kinds], 0 or 1</returns>
    public static Tensor Slices(IReadOnlyList<DemoCase> cases) => Bytes(cases, item => item.SliceKinds, 1).reshape(-1, DemoTraits.Kinds.Count);

    /// <returns>[slices, 3, image, image], normalised as the slice encoder wants it</returns>
    public static Tensor SliceImages(DemoCase item, int count, int image) =>
        Model.Preprocessing.SliceImages.ToTensor(new SliceStack(item.Slices, count, image, image), image);

    private static Tensor Bytes(IReadOnlyList<DemoCase> cases, Func<DemoCase, byte[]> part, float whole)
    {
        var kinds = DemoTraits.Kinds.Count;
        var values = cases.SelectMany(part).Select(value => value / whole).ToArray();
        return tensor(values, [cases.Count, values.Length / cases.Count / kinds, kinds]);
    }
}
