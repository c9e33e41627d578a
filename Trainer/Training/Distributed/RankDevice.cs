using System.Globalization;
using HSENet.Model.Runtime;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training.Distributed;

/// <summary>Spreads the processes of one machine over its GPUs.</summary>
internal static class RankDevice
{
    /// <summary>The device of this process: with <c>auto</c> or <c>cuda</c> the GPU of its place among the processes of its machine.</summary>
    /// <exception cref="Model.HSENetModelException"><c>model.device</c>.</exception>
    public static Device Find(string setting, IProcessGroup group) =>
        ComputeDevice.Find(group.Count == 1 ? setting : Name(setting, group.LocalRank, cuda.is_available() ? cuda.device_count() : 0));

    /// <returns>More processes than GPUs share them in turn; a device that is named stays what it is.</returns>
    public static string Name(string setting, int localRank, int gpus) =>
        setting is "auto" or "cuda" && gpus > 0 ? string.Create(CultureInfo.InvariantCulture, $"cuda:{localRank % gpus}") : setting;
}
