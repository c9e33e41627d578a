using HSENet.Trainer.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Pretraining;

/// <summary>A batch as tensors, on the device of the networks.</summary>
/// <param name="Volume">[B, 1, D, H, W]</param>
/// <param name="Slices">[B, S, W]; null where no case has slice features</param>
/// <param name="Ids">[B, T]</param>
/// <param name="Mask">[B, T]</param>
internal sealed record ContrastiveInputs(Tensor Volume, Tensor? Slices, Tensor Ids, Tensor Mask)
{
    /// <param name="cases">At least one.</param>
    /// <param name="image">(depth, axis 1, axis 2) of a volume</param>
    /// <param name="texts">Makes ids of the reports.</param>
    /// <param name="random">The step's.</param>
    /// <param name="device">Where they go.</param>
    /// <exception cref="TrainerException"><c>data.shape</c>: a case is not of the network's size; it is named.</exception>
    public static ContrastiveInputs Of(IReadOnlyList<TrainingCase> cases, (int D, int H, int W) image, ContrastiveTexts texts, Random random, Device device)
    {
        var (d, h, w) = image;
        var volume = Stack(cases, item => item.Volume, d * h * w, "volume").reshape(-1, 1, d, h, w);
        var slices = cases.All(item => item.SliceFeatures is not null)
            ? Stack(cases, item => item.SliceFeatures!, cases[0].SliceFeatures!.Length, "slice features")
            : null;
        var (ids, mask) = texts.Batch(cases, random);
        return new(volume.to(device), slices?.to(device), ids.to(device), mask.to(device));
    }

    private static Tensor Stack(IReadOnlyList<TrainingCase> cases, Func<TrainingCase, float[]> part, int length, string name)
    {
        var rows = new float[cases.Count * length];
        for (var i = 0; i < cases.Count; i++)
        {
            var values = part(cases[i]);
            if (values.Length != length)
            {
                throw new TrainerException("data.shape", $"{cases[i].Item.Id}: its {name} has {values.Length} values instead of {length}.");
            }

            values.CopyTo(rows.AsSpan(i * length));
        }

        return tensor(rows, [cases.Count, length]);
    }
}
