using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Runtime;

/// <summary>Finds the device and precision that the settings name.</summary>
internal static class ComputeDevice
{
    /// <param name="name"><c>auto</c> (a GPU when there is one), <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>.</param>
    /// <exception cref="HSENetModelException"><c>model.device</c>: unknown name, or no such GPU.</exception>
    public static Device Find(string name)
    {
        switch (name)
        {
            case "cpu":
                return CPU;
            case "auto":
                return cuda.is_available() ? new Device(DeviceType.CUDA, 0) : CPU;
        }

        var index = 0;
        if (name != "cuda" && !(name.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index)))
        {
            throw new HSENetModelException("model.device", $"The device '{name}' is unknown: auto, cpu, cuda or cuda:N.");
        }

        var count = cuda.is_available() ? cuda.device_count() : 0;
        return index < count
            ? new Device(DeviceType.CUDA, index)
            : throw new HSENetModelException("model.device", $"The device '{name}' was asked for, and this machine and build offer {count} CUDA devices.");
    }

    /// <param name="name"><c>auto</c>, <c>fp32</c>, <c>bf16</c>, <c>int8</c>, and on a GPU <c>fp16</c>.</param>
    /// <param name="device">Where the language model is to run.</param>
    /// <exception cref="HSENetModelException"><c>model.precision</c>.</exception>
    public static void CheckPrecision(string name, Device device)
    {
        if (name is not ("auto" or "fp32" or "bf16" or "fp16" or "int8"))
        {
            throw new HSENetModelException("model.precision", $"The precision '{name}' is unknown: auto, fp32, bf16, fp16 or int8.");
        }

        if (name == "fp16" && device.type == DeviceType.CPU)
        {
            throw new HSENetModelException("model.precision", "The precision fp16 is for GPUs; on a CPU take bf16, int8 or fp32.");
        }
    }

    /// <summary>
    /// int8 is refused where no kernel reads it: every token would widen the whole matrices again, moving 5 bytes a weight where 16 bits
    /// move 2. Training is another matter, since a batch of whole texts shares one widening.
    /// </summary>
    /// <param name="isInt8">Asked for, or how the directory's file is stored.</param>
    /// <param name="device">Where the language model is to write.</param>
    /// <exception cref="HSENetModelException"><c>model.precision</c>.</exception>
    public static void CheckWriting(bool isInt8, Device device)
    {
        if (isInt8 && device.type != DeviceType.CPU)
        {
            throw new HSENetModelException(
                "model.precision",
                "The language model in int8 is for CPUs: on a GPU each token would widen all of it again, slower than 16 bits are. Take bf16 or fp16, and "
                + "where the directory's own file is int8, import the original weights.");
        }
    }
}
