using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs.Native;

/// <summary>Foreign files in JPEG-LS and JPEG 2000, and damaged ones: what GDCM makes of them, or a refusal.</summary>
public sealed class SystemCodecTests(SystemPool pool) : IClassFixture<SystemPool>
{
    private const string Syntaxes = "data/transfer-syntaxes/ctimage_1.2.840.10008.1.2";

    [Theory]
    [InlineData(".4.80_jpegls-lossless.dcm", 0)]
    [InlineData(".4.81_jpegls-lossy.dcm", 1)]
    [InlineData(".4.90_j2k-lossless.dcm", 0)]
    [InlineData(".4.91_j2k-lossy.dcm", 5)]
    public async Task A_slice_is_what_it_was_before_it_was_compressed(string file, int tolerance)
    {
        var path = SharedData.Path(Syntaxes + file);
        var (values, problem) = pool.Read(path);
        Assert.Null(problem);
        var original = StoredValues.Of(SharedData.Path(Syntaxes + ".1_explicit-le.dcm"));
        Assert.Equal(tolerance, original.Zip(values!, (a, b) => Math.Abs(a - b)).Max());
        await AgreesWithGdcmAsync(path, values!);
    }

    [Theory]
    [InlineData("data/single-slices/ny-sbu-a046441_coronal_toshiba_jpegls.dcm")]
    [InlineData("data/single-slices/ny-sbu-a046441_sagittal_toshiba_jpegls.dcm")]
    [InlineData("data/single-slices/ny-sbu-a048383_axial_ge_jpegls.dcm")]
    [InlineData("data/bad-input/codestreams/j2k-00-good.dcm")]
    [InlineData("data/bad-input/codestreams/j2k-08-two-fragments.dcm")]
    [InlineData("data/bad-input/codestreams/jls-00-good.dcm")]
    [InlineData("data/bad-input/codestreams/jls-08-two-fragments.dcm")]
    public async Task A_file_of_another_maker_is_read_as_GDCM_reads_it(string file)
    {
        var path = SharedData.Path(file);
        var (values, problem) = pool.Read(path);
        Assert.Null(problem);
        await AgreesWithGdcmAsync(path, values!);
    }

    [Fact]
    public async Task A_series_in_JPEG_2000_is_read_as_GDCM_reads_it()
    {
        var folder = SharedData.Path("data/chest-ct/lung-dx-a0001-soft-j2k");
        var files = Directory.GetFiles(folder, "*.dcm").Order(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(files);
        foreach (var path in files.Where((_, i) => i % 9 == 0))
        {
            var (values, problem) = pool.Read(path);
            Assert.Null(problem);
            await AgreesWithGdcmAsync(path, values!);
        }
    }

    [Theory]
    [InlineData("j2k-01-codestream-cut")]
    [InlineData("j2k-02-codestream-zeros")]
    [InlineData("j2k-03-no-fragment")]
    [InlineData("j2k-04-empty-fragment")]
    [InlineData("j2k-09-rows-disagree")]
    [InlineData("j2k-12-pixelrep-mismatch")]
    [InlineData("j2k-20-size-bomb")]
    [InlineData("jls-01-codestream-cut")]
    [InlineData("jls-02-codestream-zeros")]
    [InlineData("jls-03-no-fragment")]
    [InlineData("jls-04-empty-fragment")]
    [InlineData("jls-09-rows-disagree")]
    public void A_damaged_codestream_is_refused(string file)
    {
        var (values, problem) = pool.Read(SharedData.Path($"data/bad-input/codestreams/{file}.dcm"));
        Assert.Null(values);
        Assert.NotNull(problem);
    }

    [Fact]
    public void Damaged_codestreams_leave_the_decoder_alive()
    {
        foreach (var path in Directory.GetFiles(SharedData.Path("data/bad-input/codestreams"), "j*.dcm"))
            _ = pool.Read(path);

        Assert.Equal(0, pool.Pool.Counters.Now.Deaths + pool.Pool.Counters.Now.Timeouts);
    }

    private static async Task AgreesWithGdcmAsync(string path, int[] values)
    {
        using var folder = new TempFolder("codec");
        var raw = folder.Path("raw.dcm");
        var tool = await Dcmtk.RunAsync("gdcmconv", "--raw", path, raw);
        Assert.Equal(0, tool.ExitCode);
        Assert.Null(StoredValues.Difference(StoredValues.Of(raw), values));
    }
}
