using HSENet.Model.Language;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Generation;

/// <summary>
/// While tokens are decoded over narrow weights our own kernels use all cores; libtorch's thread team would spin beside them and take their time, so
/// it is one thread for as long. One text is written at a time in a process.
/// </summary>
internal readonly struct DecodeThreads : IDisposable
{
    private readonly bool _isReduced;

    private DecodeThreads(bool isReduced) => _isReduced = isReduced;

    public static DecodeThreads For(PhiLanguageModel language)
    {
        var isNarrow = language.Device.type == DeviceType.CPU && language.Storage is { } storage && storage != WeightStorage.Float32;
        if (isNarrow)
        {
            set_num_threads(1);
        }

        return new DecodeThreads(isNarrow);
    }

    public void Dispose()
    {
        if (_isReduced)
        {
            set_num_threads(Environment.ProcessorCount);
        }
    }
}
