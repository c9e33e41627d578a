using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training;

/// <summary>
/// Mixed precision while it lives: the library casts the operands of products to bfloat16 and keeps sums, norms and losses in fp32, as PyTorch's
/// autocast does. TorchSharp does not reach it, so the library's own functions are called; where a build of the library lacks them, the
/// precision is refused. Belongs to one thread. Only the forward pass belongs inside.
/// </summary>
internal sealed unsafe class Autocast : IDisposable
{
    private const byte BFloat16 = 15;   // c10::ScalarType

    private static readonly Lazy<Functions?> s_functions = new(Find);

    private readonly Functions _functions;
    private readonly byte _device;

    /// <exception cref="TrainerException"><c>training.precision</c>: the tensor library does not offer it.</exception>
    public Autocast(DeviceType device)
    {
        _functions = s_functions.Value ?? throw new TrainerException("training.precision", "This build of the tensor library has no autocast: use fp32.");
        _device = (byte)device;
        _functions.SetType(_device, BFloat16);
        _functions.Enable(_device, 1);
        _functions.Enter();
    }

    public void Dispose()
    {
        if (_functions.Leave() == 0)
        {
            _functions.ClearCache();   // casts of weights are kept while nested; after a step they are stale
        }

        _functions.Enable(_device, 0);
    }

    private static Functions? Find()
    {
        _ = get_num_threads();   // makes TorchSharp load the library
        if (!NativeLibrary.TryLoad("libtorch_cpu.so", out var library))
        {
            return null;
        }

        nint Export(string name) => NativeLibrary.TryGetExport(library, name, out var address) ? address : 0;
        var (type, enable, enter, leave, clear) = (
            Export("_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE"),
            Export("_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb"),
            Export("_ZN2at8autocast17increment_nestingEv"),
            Export("_ZN2at8autocast17decrement_nestingEv"),
            Export("_ZN2at8autocast11clear_cacheEv"));
        return ((nint[])[type, enable, enter, leave, clear]).Contains(0) ? null : new Functions(type, enable, enter, leave, clear);
    }

    /// <summary>C++ functions with plain arguments: device type and element type are one byte each.</summary>
    private sealed class Functions(nint type, nint enable, nint enter, nint leave, nint clear)
    {
        public void SetType(byte device, byte element) => ((delegate* unmanaged<byte, byte, void>)type)(device, element);

        public void Enable(byte device, byte on) => ((delegate* unmanaged<byte, byte, void>)enable)(device, on);

        public void Enter() => _ = ((delegate* unmanaged<int>)enter)();

        public int Leave() => ((delegate* unmanaged<int>)leave)();

        public void ClearCache() => ((delegate* unmanaged<void>)clear)();
    }
}
