using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Weights;

/// <summary>The memory behind tensors, which TorchSharp's public calls reach only by copying.</summary>
internal static unsafe partial class TensorMemory
{
    /// <summary>Address of the first element of a CPU tensor (storage offset included).</summary>
    public static byte* Pointer(Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
        {
            throw new ArgumentException("Only CPU memory can be reached.", nameof(tensor));
        }

        return Address(tensor);
    }

    /// <summary>The same on any device; what lies on a GPU is not for the CPU to follow.</summary>
    public static byte* Address(Tensor tensor) => (byte*)THSTensor_data(tensor.Handle);

    /// <summary>A tensor over memory that it does not own.</summary>
    /// <param name="start">Must outlive the tensor.</param>
    /// <param name="shape">C order.</param>
    /// <param name="type">Element type.</param>
    public static Tensor Over(byte* start, long[] shape, ScalarType type)
    {
        _ = get_num_threads();   // loads the native library
        fixed (long* sizes = shape)
        {
            var handle = THSTensor_new((nint)start, 0, sizes, shape.Length, (sbyte)type, (sbyte)type, (int)DeviceType.CPU, 0, false);
            return handle != 0 ? Tensor.UnsafeCreateTensor(handle) : throw new InvalidOperationException("A tensor over mapped memory could not be made.");
        }
    }

    [LibraryImport("LibTorchSharp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint THSTensor_new(
        nint data, nint deleter, long* sizes, int count, sbyte scalarType, sbyte type, int deviceType, int deviceIndex, [MarshalAs(UnmanagedType.U1)] bool requiresGrad);

    [LibraryImport("LibTorchSharp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint THSTensor_data(nint handle);
}
