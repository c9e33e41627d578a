using HSENet.Dicom.Decoder;

namespace HSENet.Dicom.Codecs.Native;

/// <summary>
/// JPEG-LS, JPEG 2000 and HTJ2K by the system's CharLS and OpenJPEG in decoder processes. A host calls <see cref="Start"/> once before it
/// reads pixels; without that, and where a library is absent, series in these transfer syntaxes are refused.
/// </summary>
public static class SystemCodecs
{
    private static readonly Lock s_lock = new();
    private static readonly DecoderCounters s_nothing = new();
    private static volatile DecoderPool? s_pool;

    /// <summary>Counts of all decoder processes since <see cref="Start"/>.</summary>
    public static DecoderCounts Counts => (s_pool?.Counters ?? s_nothing).Now;

    /// <summary>
    /// Looks which libraries there are, in a decoder process, and makes their transfer syntaxes readable. The first call's limits hold;
    /// later calls look again.
    /// </summary>
    /// <returns>One entry per library, found or not. Never fails.</returns>
    public static IReadOnlyList<SystemCodec> Start(DecoderLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        lock (s_lock)
        {
            var pool = s_pool ??= new DecoderPool(limits, TimeProvider.System);
            var codecs = Look(pool);
            foreach (var (decoder, codec) in codecs)
            {
                if (codec.Version is not null)
                    FrameDecoders.Default.Add(decoder);
            }

            return [.. codecs.Select(c => c.Codec)];
        }
    }

    /// <summary>Which libraries a decoder of <paramref name="pool"/> finds.</summary>
    internal static IReadOnlyList<(SystemFrameDecoder Decoder, SystemCodec Codec)> Look(DecoderPool pool)
    {
        DecoderHello hello = default;
        string? problem = null;
        try
        {
            hello = pool.Ask();
        }
        catch (IOException e)
        {
            problem = e.Message;
        }

        return
        [
            Entry(pool, Codec.JpegLs, "JPEG-LS", "libcharls2", hello.CharLsVersion, problem),
            Entry(pool, Codec.Jpeg2000, "JPEG 2000 and HTJ2K", "libopenjp2-7", hello.OpenJpegVersion, problem),
        ];
    }

    private static (SystemFrameDecoder Decoder, SystemCodec Codec) Entry(
        DecoderPool pool, Codec codec, string name, string package, int version, string? problem)
    {
        var decoder = new SystemFrameDecoder(pool, codec);
        var found = version == 0 ? null : new Version(version >> 16, (version >> 8) & 0xFF, version & 0xFF);
        return (decoder, new(
            name, package, found, decoder.TransferSyntaxUids,
            found is null ? problem ?? $"the library is absent or too old: install {package}" : null));
    }
}
