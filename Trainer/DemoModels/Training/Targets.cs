using HSENet.Model.Preprocessing;
using HSENet.Model.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.DemoModels.Training;

/// <summary>The extra losses' targets and inputs of a batch as tensors.</summary>
internal static class Targets
{
    private const double FirstBias = -4;

    /// <returns>[B, traits]</returns>
    public static Tensor Traits(IReadOnlyList<DemoCase> cases) => tensor(cases.SelectMany(item => item.Traits).ToArray(), [cases.Count, DemoTraits.Count]);

    /// <returns>[B, patches, kinds], 0..1</returns>
    public static Tensor Patches(IReadOnlyList<DemoCase> cases) => Bytes(cases, item => item.Patches, 255);

    /// <returns>[B * slices, kinds], 0 or 1</returns>
    public static Tensor Slices(IReadOnlyList<DemoCase> cases) => Bytes(cases, item => item.SliceKinds, 1).reshape(-1, DemoTraits.Kinds.Count);

    /// <returns>[slices, 3, image, image], normalised as the slice encoder wants it</returns>
    public static Tensor SliceImages(DemoCase item, int count, int image) =>
        Model.Preprocessing.SliceImages.ToTensor(new SliceStack(item.Slices, count, image, image), image);

    /// <summary>
    /// For each kind, one over the entropy of its share among patches: a loss times this is 1 for who knows no more than the share, so that small findings count as
    /// much as large ones.
    /// </summary>
    /// <returns>[kinds]</returns>
    public static Tensor PatchWeights(IReadOnlyList<DemoCase> cases)
    {
        using var scope = NewDisposeScope();
        var share = Patches(cases).mean([0, 1]).Between(1e-4, 0.5);                                // [kinds]
        var rest = share.negative().Plus(1);                                                        // [kinds]
        return (share * share.log()).Plus(rest * rest.log()).reciprocal().Times(-1).MoveToOuterDisposeScope();
    }

    /// <summary>Tells kinds from features, and says no at first.</summary>
    public static Linear RareHead(int width)
    {
        var head = nn.Linear(width, DemoTraits.Kinds.Count);
        using var quiet = no_grad();
        head.bias!.Fill(FirstBias);
        return head;
    }

    private static Tensor Bytes(IReadOnlyList<DemoCase> cases, Func<DemoCase, byte[]> part, float whole)
    {
        var kinds = DemoTraits.Kinds.Count;
        var values = cases.SelectMany(part).Select(value => value / whole).ToArray();
        return tensor(values, [cases.Count, values.Length / cases.Count / kinds, kinds]);
    }
}
