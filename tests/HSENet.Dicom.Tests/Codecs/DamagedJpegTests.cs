using System.Globalization;
using FellowOakDicom;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs;

/// <summary>JPEG baseline and extended: what is missing, moved or too much is refused, where a decoder leaves it grey or shifted.</summary>
public sealed class DamagedJpegTests
{
    private const int Rows = 200;
    private const int Columns = 136;

    private static readonly BlockEncoder s_encoder = new(Rows, Columns) { RestartBlocks = 17 };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(100)]
    public void Restart_intervals_in_their_order_are_read(int blocks) => Assert.Null(Read(Encode(s_encoder with { RestartBlocks = blocks })));

    [Fact]
    public void Exchanged_restart_intervals_are_refused()
    {
        var (sound, marks) = WithMarks(s_encoder);
        Assert.Equal(24, marks.Length);
        for (var i = 1; i + 2 < marks.Length; i++)
        {
            byte[] exchanged = [.. sound[..marks[i]], .. sound[marks[i + 1]..marks[i + 2]], .. sound[marks[i]..marks[i + 1]], .. sound[marks[i + 2]..]];
            Assert.Contains("no restart marker", Read(exchanged), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Restart_markers_that_begin_with_another_number_are_refused() =>
        Assert.Contains("no restart marker 0 before block 18", Read(Encode(s_encoder with { RestartShift = 1 })), StringComparison.Ordinal);

    [Fact]
    public void A_missing_restart_interval_is_refused()
    {
        var (sound, marks) = WithMarks(s_encoder);
        for (var i = 0; i + 1 < marks.Length; i++)
            Assert.NotNull(Read([.. sound[..marks[i]], .. sound[marks[i + 1]..]]));

        // eight of them leave the numbers as they were
        Assert.NotNull(Read([.. sound[..marks[2]], .. sound[marks[10]..]]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-20)]
    [InlineData(1)]
    [InlineData(20)]
    public void Fewer_or_more_blocks_than_the_image_has_are_refused(int more)
    {
        var blocks = Rows / 8 * Columns / 8 + more;
        Assert.NotNull(Read(Encode(s_encoder with { RestartBlocks = 0, Blocks = blocks })));
        Assert.NotNull(Read(Encode(s_encoder with { Blocks = blocks })));
    }

    [Fact]
    public void Data_after_the_end_are_refused()
    {
        var sound = Encode(s_encoder);
        Assert.NotNull(Read([.. sound, .. sound]));
        Assert.NotNull(Read([.. sound[..^2], 0x12, 0x34, 0x56, 0xFF, 0xD9]));
        Assert.Null(Read([.. sound, 0]));
    }

    [Theory]
    [InlineData(8, "+eb")]
    [InlineData(8, "+ee")]
    [InlineData(12, "+ee")]
    public async Task A_zeroed_and_a_missing_piece_of_DCMTK_s_data_is_refused(int bits, string option)
    {
        using var folder = new TempFolder("damaged");
        var image = new CodedImage(bits == 8 ? 8 : 16, bits, false, "body", 384, 384);
        var sound = await EncodeAsync(folder, image, option);
        var first = sound.AsSpan().IndexOf([(byte)0xFF, (byte)0xDA]) + 10;
        foreach (var length in (int[])[64, 512, 4096])
        {
            for (var at = first; at + length < sound.Length - 2; at += 4096 + 77)
            {
                var damaged = sound.ToArray();
                damaged.AsSpan(at, length).Clear();
                Assert.True(Read(damaged, image.Format) is not null, string.Create(CultureInfo.InvariantCulture, $"{length} zeros at {at} of {sound.Length} were read"));
                Assert.NotNull(Read([.. sound[..at], .. sound[(at + length)..]], image.Format));
            }
        }
    }

    [Theory]
    [InlineData(8, "+eb")]
    [InlineData(12, "+ee")]
    public async Task What_DCMTK_encodes_is_read(int bits, string option)
    {
        using var folder = new TempFolder("sound");
        foreach (var pattern in CodedImage.Patterns)
        {
            var image = new CodedImage(bits == 8 ? 8 : 16, bits, false, pattern, 61, 83);
            Assert.Null(Read(await EncodeAsync(folder, image, option), image.Format));
        }
    }

    private static byte[] Encode(BlockEncoder encoder) => encoder.Encode(new Random(7));

    /// <summary>The codestream, and where its restart markers are.</summary>
    private static (byte[] Bytes, int[] Marks) WithMarks(BlockEncoder encoder)
    {
        var bytes = Encode(encoder);
        return (bytes, [.. Enumerable.Range(0, bytes.Length - 1).Where(i => bytes[i] == 0xFF && bytes[i + 1] is >= 0xD0 and <= 0xD7)]);
    }

    private static string? Read(byte[] codestream, PixelFormat? format = null)
    {
        var pixels = format ?? new PixelFormat(Rows, Columns, 1, 8, 8, 7, false, "MONOCHROME2");
        return JpegFrameDecoder.Decode(codestream, pixels, new byte[pixels.FrameBytes]);
    }

    private static async Task<byte[]> EncodeAsync(TempFolder folder, CodedImage image, string option)
    {
        var coded = folder.Path("coded.dcm");
        var result = await Dcmtk.RunAsync("dcmcjpeg", option, image.Write(folder.Path("raw.dcm")), coded);
        Assert.True(result.ExitCode == 0, result.Error);
        var (codestream, problem) = EncapsulatedFrame.Join((await DicomFile.OpenAsync(coded, FileReadOption.ReadAll)).Dataset);
        Assert.Null(problem);
        return codestream.ToArray();
    }
}
