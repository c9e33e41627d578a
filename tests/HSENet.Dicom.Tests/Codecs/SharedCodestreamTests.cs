using FellowOakDicom;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs;

/// <summary>The developers' files: one slice in many transfer syntaxes, and damaged codestreams.</summary>
public sealed class SharedCodestreamTests
{
    private const string Slice = "data/transfer-syntaxes/ctimage_1.2.840.10008.1.2";

    [Theory]
    [InlineData("_implicit-le")]
    [InlineData(".2_explicit-be")]
    [InlineData(".1.99_deflated")]
    [InlineData(".5_rle")]
    [InlineData(".4.57_jpeg-lossless-p14")]
    [InlineData(".4.70_jpeg-lossless-sv1")]
    public void A_real_slice_is_the_same_in_every_lossless_syntax(string name) =>
        Assert.Equal(CodedImage.Decode(SharedData.Path(Slice + ".1_explicit-le.dcm")), CodedImage.Decode(SharedData.Path(Slice + name + ".dcm")));

    [Theory]
    [InlineData(".4.50_jpeg-baseline-8bit")]
    [InlineData(".4.51_jpeg-extended-12bit")]
    public async Task A_real_lossy_slice_is_read_as_DCMTK_reads_it(string name)
    {
        using var folder = new TempFolder("lossy");
        var file = SharedData.Path(Slice + name + ".dcm");
        var result = await Dcmtk.RunAsync("dcmdjpeg", file, folder.Path("back.dcm"));
        Assert.True(result.ExitCode == 0, result.Error);
        var (ours, theirs) = (CodedImage.Decode(file), CodedImage.Decode(folder.Path("back.dcm")));

        // inverse transforms may differ by rounding (T.83)
        Assert.InRange(ours.Zip(theirs).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 1);
    }

    /// <summary>The retired progressive syntaxes are no frames we decode.</summary>
    [Theory]
    [InlineData(".4.53_jpeg-spectral-12bit")]
    [InlineData(".4.55_jpeg-progressive-12bit")]
    public void A_retired_syntax_is_refused_by_its_name(string name)
    {
        var (slice, _) = CtSliceReader.ReadHeader(SharedData.Path(Slice + name + ".dcm"), "file");
        var refusal = FrameDecoders.Default.Judge(slice!.Header.TransferSyntaxUid, slice.SopInstanceUid);
        Assert.Equal(RefusalReason.CompressedTransferSyntax, refusal?.Reason);
        Assert.Contains("retired", refusal!.Detail, StringComparison.Ordinal);
        Assert.Contains("let the sender send explicit VR little endian", refusal.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rle")]
    [InlineData("sv1")]
    public void Damaged_codestreams_are_refused_and_odd_ones_are_read(string codec)
    {
        var outcomes = new Dictionary<string, string?>();
        foreach (var file in Directory.GetFiles(SharedData.Path("data/bad-input/codestreams"), codec + "-*.dcm").Order())
            outcomes[Path.GetFileNameWithoutExtension(file)[4..]] = Outcome(file);

        string[] read = ["00-good", "05-no-delimiter", "07-offset-table-garbage", "08-two-fragments", "12-pixelrep-mismatch"];
        foreach (var (name, outcome) in outcomes)
        {
            // flipped bits may make another valid codestream; a missing delimiter is the scan's to refuse
            if (!name.StartsWith("11-", StringComparison.Ordinal) && !name.StartsWith("05-", StringComparison.Ordinal))
                Assert.True(read.Contains(name) == (outcome is null), $"{codec}-{name}: {outcome ?? "read"}");
        }

        Assert.Contains("65500 x 65500", outcomes.GetValueOrDefault("20-size-bomb", "65500 x 65500"), StringComparison.Ordinal);
    }

    /// <summary>Null when a volume of one slice was read.</summary>
    private static string? Outcome(string file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = VolumeReader.Read([file], GeometryLimits.Default with { MinimumSliceCount = 1 }, default);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        return reading is SeriesReading.Refused refused ? $"{refused.Reason.Code()}: {refused.Detail}" : null;
    }
}
