using HSENet.Model.Vision;
using HSENet.Trainer.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>A study as the networks take it.</summary>
internal static class PreparedTensors
{
    /// <returns>[1, 1, D, H, W]; the caller owns it</returns>
    /// <exception cref="TrainerException"><c>data.shape</c>: not the model's image.</exception>
    public static Tensor Volume(TrainingCase study, Vit3DConfig image) => study.Volume.Length == image.Depth * image.Height * image.Width
        ? tensor(study.Volume, [1, 1, image.Depth, image.Height, image.Width])
        : throw new TrainerException("data.shape", $"{study.Item.Id}: the volume has {study.Volume.Length} voxels instead of {image.Depth} x {image.Height} x {image.Width}.");

    /// <returns>[1, S, hidden]; null where the study has none; the caller owns it</returns>
    /// <exception cref="TrainerException"><c>data.shape</c>: rows of another width.</exception>
    public static Tensor? Slices(TrainingCase study, Vit3DConfig image) => study.SliceFeatures is not { } features ? null
        : features.Length > 0 && features.Length % image.Hidden == 0 ? tensor(features, [1, features.Length / image.Hidden, image.Hidden])
        : throw new TrainerException("data.shape", $"{study.Item.Id}: the slice features do not fall into rows of {image.Hidden}.");
}
