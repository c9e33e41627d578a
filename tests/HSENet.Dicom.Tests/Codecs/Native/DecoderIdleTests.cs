using System.Diagnostics;
using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Decoder;
using HSENet.Dicom.FaultyDecoder;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Tests.Codecs.Native;

/// <summary>Decoders that wait for work.</summary>
public sealed class DecoderIdleTests
{
    private static readonly PixelFormat s_format = new(4096, 4096, 1, 16, 12, 11, false, "MONOCHROME2");

    [Fact]
    public async Task Decoders_that_died_while_they_waited_refuse_no_sound_frame()
    {
        var limits = new DecoderLimits
        {
            ProcessCount = 2,
            MemoryBytes = 256 << 20,
            FrameTime = TimeSpan.FromSeconds(30),
            Program = Path.Combine(AppContext.BaseDirectory, "HSENet.Dicom.FaultyDecoder"),
        };
        using var pool = new DecoderPool(limits, TimeProvider.System);
        while (pool.IdleIds.Count < 2)
            await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Decode(pool))));
        var waiting = pool.IdleIds;
        foreach (var id in waiting)
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Null(Decode(pool));
    }

    /// <summary>Its thread ends when it has nothing to do, and the filter lets no other one start: the first frame after a pause killed the decoder.</summary>
    [Fact]
    public void A_decoder_compiles_nothing_on_a_thread_of_its_own()
    {
        var settings = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "HSENet.Dicom.Decoder.runtimeconfig.json"));
        Assert.Contains("\"System.Runtime.TieredCompilation\": false", settings, StringComparison.Ordinal);
    }

    private static string? Decode(DecoderPool pool) => pool.Decode(Codec.JpegLs, s_format, [(byte)Fault.None, 7], new byte[s_format.FrameBytes]);
}
