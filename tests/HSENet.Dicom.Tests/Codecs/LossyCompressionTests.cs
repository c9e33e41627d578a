using FellowOakDicom;
using HSENet.Dicom.Reports;
using HSENet.Dicom.Series;
using HSENet.Dicom.Tests.Series;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Codecs;

public sealed class LossyCompressionTests
{
    [Fact]
    public void What_the_images_lost_is_told_of_the_series_and_in_its_report()
    {
        var reading = SeriesAssert.Readable(new CtSeriesBuilder
        {
            Edit = (slice, dataSet) =>
            {
                dataSet.Add(DicomTag.LossyImageCompression, "01");
                dataSet.Add(DicomTag.LossyImageCompressionRatio, slice == 3 ? "8.87" : "4");
                dataSet.Add(DicomTag.LossyImageCompressionMethod, slice == 3 ? "ISO_10918_1" : "ISO_15444_1");
            },
        });
        Assert.Equal("ISO_10918_1, ISO_15444_1, ratio up to 8.9:1", reading.Source.Lossy?.ToString());
        Assert.Contains(reading.Notes, note => note.Code == "pixels.lossy");
        Assert.Contains("The images were compressed with loss (ISO_10918_1, ISO_15444_1, ratio up to 8.9:1).", Text(reading.Source), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_images_without_loss_nothing_is_said()
    {
        var reading = SeriesAssert.Readable(new CtSeriesBuilder { Edit = (_, dataSet) => dataSet.Add(DicomTag.LossyImageCompression, "00") });
        Assert.Null(reading.Source.Lossy);
        Assert.DoesNotContain(reading.Notes, note => note.Code == "pixels.lossy");
        Assert.DoesNotContain("compressed", Text(reading.Source), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("01", null, null, "method not told")]
    [InlineData("01", "-3\\x\\1e99", "<b>\\name^patient\\ISO_14495_1", "ISO_14495_1")]
    [InlineData("01", "2\\5", "ISO_10918_1\\ISO_10918_1", "ISO_10918_1, ratio up to 5:1")]
    public void Only_numbers_and_codes_are_repeated(string flag, string? ratio, string? method, string expected) =>
        Assert.Equal(expected, LossyCompression.Of(flag, ratio, method, "1.2.840.10008.1.2.1")?.ToString());

    [Theory]
    [InlineData("1.2.840.10008.1.2.4.50", true)]
    [InlineData("1.2.840.10008.1.2.4.81", true)]
    [InlineData("1.2.840.10008.1.2.4.70", false)]
    public void A_lossy_syntax_tells_where_the_attribute_is_missing(string syntax, bool isLossy) =>
        Assert.Equal(isLossy, LossyCompression.Of(null, null, null, syntax) is not null);

    private static string Text(SourceSeries source) =>
        DraftReportDocument.ToText(DraftReportDocument.Build(Reports.ReportFixture.Report() with { Source = source }));
}
