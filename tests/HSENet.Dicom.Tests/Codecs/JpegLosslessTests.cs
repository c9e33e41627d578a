using System.Runtime.InteropServices;
using FellowOakDicom;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Codecs.JpegLossless;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs;

public sealed class JpegLosslessTests
{
    private static readonly CodedImage s_noise = new(16, 16, true, "noise");

    public static TheoryData<int, int> PredictorsAndRestarts => new(
        from predictor in Enumerable.Range(1, 7) from lines in new[] { 0, 1, 4, 52, 100 } select (predictor, lines));

    [Theory]
    [MemberData(nameof(PredictorsAndRestarts))]
    public void Restart_intervals_of_whole_lines_are_read_with_every_predictor(int predictor, int lines)
    {
        var encoder = new LosslessEncoder(s_noise.Rows, s_noise.Columns, 16) { Predictor = predictor, RestartLines = lines };
        Assert.Equal(s_noise.Pixels, Decoded(s_noise, encoder));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_codestream_of_our_test_encoder_is_read_by_DCMTK_as_by_us(bool hasLongCodes)
    {
        using var folder = new TempFolder("lossless");
        foreach (var pattern in CodedImage.Patterns)
        {
            var image = new CodedImage(16, 16, true, pattern);
            var codestream = new LosslessEncoder(image.Rows, image.Columns, 16) { Predictor = 7, RestartLines = 4, HasLongCodes = hasLongCodes }.Encode(Samples(image));
            new DicomFile(image.Encapsulated(JpegLosslessFrameDecoder.Process14, Even(codestream))).Save(folder.Path("coded.dcm"));
            var result = await Dcmtk.RunAsync("dcmdjpeg", folder.Path("coded.dcm"), folder.Path("back.dcm"));
            Assert.True(result.ExitCode == 0, result.Error);
            Assert.Equal(image.Values(), CodedImage.Decode(folder.Path("coded.dcm")));
            Assert.Equal(image.Values(), CodedImage.Decode(folder.Path("back.dcm")));
        }
    }

    [Fact]
    public void Every_precision_is_read()
    {
        for (var bits = 2; bits <= 16; bits++)
        {
            var image = new CodedImage(16, bits, false, "extremes");
            Assert.Equal(image.Pixels, Decoded(image, new(image.Rows, image.Columns, bits) { Predictor = 4 }));
        }
    }

    [Fact]
    public void Eight_allocated_bits_are_read()
    {
        var image = new CodedImage(8, 7, true, "noise");
        Assert.Equal(image.Values(), CodedImage.Values(Decoded(image, new(image.Rows, image.Columns, 8)), image.Format));
    }

    [Fact]
    public void A_point_transform_is_undone()
    {
        var image = new CodedImage(16, 12, false, "noise");
        var decoded = MemoryMarshal.Cast<byte, ushort>(Decoded(image, new(image.Rows, image.Columns, 12) { PointTransform = 3, Predictor = 5 })).ToArray();
        Assert.Equal(Samples(image).Select(s => (ushort)(s & ~7)), decoded);
    }

    [Fact]
    public void Extremes_make_differences_of_category_16()
    {
        var image = new CodedImage(16, 16, false, "constant", 2, 8);
        ushort[] samples = [0, 0x8000, 0, 0x8000, 0xFFFF, 0x7FFF, 0xFFFF, 0x7FFF, 0, 1, 0x8001, 0, 0, 0x8000, 0, 0];
        foreach (var hasLongCodes in new[] { false, true })
        {
            var codestream = new LosslessEncoder(2, 8, 16) { HasLongCodes = hasLongCodes }.Encode(samples);
            var frame = new byte[32];
            Assert.Null(JpegLosslessFrameDecoder.Decode(codestream, image.Format, frame));
            Assert.Equal(samples, MemoryMarshal.Cast<byte, ushort>(frame).ToArray());
        }
    }

    [Fact]
    public void A_restart_interval_that_ends_within_a_line_is_refused()
    {
        var codestream = Encode(new(s_noise.Rows, s_noise.Columns, 16) { RestartLines = 2 });
        var at = codestream.AsSpan().IndexOf([(byte)0xFF, (byte)0xDD]);
        codestream[at + 5]++;
        Assert.Contains("restart interval", Problem(codestream), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_left_over_are_refused_as_damage()
    {
        Assert.Null(Problem(Encode(new(s_noise.Rows, s_noise.Columns, 16) { SpareBytes = 2 })));
        Assert.Contains("are left", Problem(Encode(new(s_noise.Rows, s_noise.Columns, 16) { SpareBytes = 12 })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_codestream_is_refused_wherever_it_is_cut()
    {
        var whole = Encode(new(s_noise.Rows, s_noise.Columns, 16) { RestartLines = 8 });
        for (var length = 0; length < whole.Length - 2; length += 5)
            Assert.NotNull(Problem(whole[..length]));

        Assert.Null(Problem(whole[..^2]));      // only the end of image is missing
    }

    [Fact]
    public void Samples_beyond_their_precision_are_refused()
    {
        var image = new CodedImage(16, 12, false, "noise");
        var samples = Samples(image);
        samples[77] = 0x1000;
        var frame = new byte[image.Format.FrameBytes];
        Assert.Contains(
            "more than 12 bits",
            JpegLosslessFrameDecoder.Decode(new LosslessEncoder(image.Rows, image.Columns, 12).Encode(samples), image.Format, frame),
            StringComparison.Ordinal);
    }

    private static byte[] Decoded(CodedImage image, LosslessEncoder encoder)
    {
        var frame = new byte[image.Format.FrameBytes];
        var codestream = encoder.Encode(Samples(image));
        var dataSet = image.Encapsulated(JpegLosslessFrameDecoder.Process14, codestream[..50], codestream[50..51], codestream[51..], [0]);
        Assert.Null(FrameDecoders.Default.For(JpegLosslessFrameDecoder.Process14)!.Decode(dataSet, image.Format, frame));
        return frame;
    }

    private static byte[] Encode(LosslessEncoder encoder) => encoder.Encode(Samples(s_noise));

    private static string? Problem(byte[] codestream) =>
        JpegLosslessFrameDecoder.Decode(codestream, s_noise.Format, new byte[s_noise.Format.FrameBytes]);

    private static ushort[] Samples(CodedImage image) =>
        image.Allocated == 8 ? [.. image.Pixels.Select(b => (ushort)b)] : MemoryMarshal.Cast<byte, ushort>(image.Pixels).ToArray();

    private static byte[] Even(byte[] bytes) => [.. bytes, .. new byte[bytes.Length & 1]];
}
