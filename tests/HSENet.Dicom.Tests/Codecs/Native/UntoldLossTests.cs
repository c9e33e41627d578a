using FellowOakDicom;
using HSENet.Dicom.Codecs;
using HSENet.Dicom.Codecs.JpegLossless;
using HSENet.Dicom.Codecs.Native;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Series;
using HSENet.Dicom.Tests.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs.Native;

/// <summary>Loss under a transfer syntax for lossless images, in headers that tell of none: the image is read, its report tells.</summary>
public sealed class UntoldLossTests
{
    private const string Jpeg = "1.2.840.10008.1.2.4.";

    private static readonly CtSeriesBuilder s_series = new() { Rows = 64, Columns = 64, RowSpacingMm = 5, ColumnSpacingMm = 5 };

    [Theory]
    [InlineData("80", "ISO_14495_1", "dcmcjpls", "+en", "+md", "3")]
    [InlineData("80", null, "dcmcjpls", "+el")]
    [InlineData("90", "ISO_15444_1", "opj_compress", "-I", "-r", "3")]
    [InlineData("90", null, "opj_compress")]
    [InlineData("201", "ISO_15444_15", "ojph_compress", "-reversible", "false", "-qstep", "0.001")]
    [InlineData("202", "ISO_15444_15", "ojph_compress", "-reversible", "false", "-qstep", "0.001", "-prog_order", "RPCL")]
    [InlineData("201", null, "ojph_compress", "-reversible", "true")]
    [InlineData("57", "ISO_10918_1", "point transform", "2")]
    [InlineData("57", null, "point transform", "0")]
    public async Task The_codestream_tells(string syntax, string? method, string tool, params string[] options)
    {
        // not those of the process, which other tests know without the system's libraries
        using var pool = new DecoderPool(new(), TimeProvider.System);
        var decoders = new FrameDecoders(new NativeFrameDecoder(), new JpegLosslessFrameDecoder());
        foreach (var (decoder, codec) in SystemCodecs.Look(pool))
        {
            Assert.NotNull(codec.Version);
            decoders.Add(decoder);
        }

        using var folder = new TempFolder("loss");
        var files = s_series.Write(folder.Folder("raw"));
        foreach (var file in files)
        {
            var raw = (await DicomFile.OpenAsync(file, FileReadOption.ReadAll)).Dataset;
            var image = new RawFrame(raw);
            var codestream = tool == "point transform"
                ? image.Lossless(int.Parse(options[0], System.Globalization.CultureInfo.InvariantCulture))
                : await image.EncodeAsync(folder, tool, options);
            image.Encapsulate(Jpeg + syntax, codestream).Save(file);
        }

        var reading = SeriesAssert.Readable(VolumeReader.Read(files, GeometryLimits.Default, decoders, default));
        Assert.Equal(method, reading.Source.Lossy?.Methods.Single());
        Assert.Equal(method is null ? 0 : 1, reading.Notes.Count(note => note.Code == "pixels.lossy"));
        var text = DraftReportDocument.ToText(DraftReportDocument.Build(Reports.ReportFixture.Report() with { Source = reading.Source }));
        Assert.Equal(method is not null, text.Contains("The images were compressed with loss", StringComparison.Ordinal));
        if (method is null)
            Assert.Equal(s_series.ExpectedHu(), reading.Volume.Hu);
    }
}
