using FellowOakDicom;
using HSENet.Dicom.Files;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Files;

public sealed class Part10ScanTests
{
    [Fact]
    public void A_beginning_tells_its_series_and_a_shorter_one_does_not()
    {
        var series = new CtSeriesBuilder();
        using var file = new MemoryStream();
        new DicomFile(series.DataSet(0)).Save(file);
        var bytes = file.ToArray();
        Assert.Equal((series.StudyUid, series.SeriesUid), Part10Scan.SeriesOf(new MemoryStream(bytes[..^1])));
        Assert.Equal((series.StudyUid, series.SeriesUid), Part10Scan.SeriesOf(new MemoryStream(bytes[..^2049]))); // within the header
        Assert.Null(Part10Scan.SeriesOf(new MemoryStream(bytes[..400])));
        Assert.Null(Part10Scan.SeriesOf(new MemoryStream([])));
        Assert.Null(Part10Scan.SeriesOf(new MemoryStream(new byte[5000])));
    }

    private const uint ContentSequence = 0x0040A730;
    private const uint PixelData = 0x7FE00010;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Scan_reports_the_header_of_a_sound_file(bool isExplicit)
    {
        var file = new DataSetBytes(isExplicit).Identity().Text(0x00080060, "CS", "CT").Text(0x00200013, "IS", "17 ").ToFile();

        var header = Sound(file);

        Assert.Equal("1.2.840.10008.5.1.4.1.1.2", header.SopClassUid);
        Assert.Equal("1.2.3.4", header.SopInstanceUid);
        Assert.Equal("1.2.3", header.StudyInstanceUid);
        Assert.Equal("1.2.3.1", header.SeriesInstanceUid);
        Assert.Equal("CT", header.Modality);
        Assert.Equal(17, header.InstanceNumber);
        Assert.Equal(file.Length, header.DataSetEnd);
        Assert.Equal(file.Length - new DataSetBytes(isExplicit).Identity().Text(0x00080060, "CS", "CT").Text(0x00200013, "IS", "17 ").ToArray().Length,
            header.DataSetOffset);
    }

    [Theory]
    [InlineData(true, 64, true)]
    [InlineData(true, 65, true)]
    [InlineData(true, 64, false)]
    [InlineData(true, 65, false)]
    [InlineData(false, 64, true)]
    [InlineData(false, 65, true)]
    [InlineData(false, 64, false)]
    [InlineData(false, 65, false)]
    [InlineData(false, 5000, false)]
    public void Scan_takes_64_nested_sequences_and_no_more_however_they_are_written(bool isExplicit, int depth, bool isUndefined)
    {
        var file = new DataSetBytes(isExplicit).Identity().Raw(Nested(isExplicit, depth, isUndefined)).ToFile();

        if (depth <= Part10Scan.MaximumDepth)
            Sound(file);
        else
            Assert.Equal("dicom.depth", Refused(file).Code);
    }

    [Theory]
    [InlineData(ContentSequence)]
    [InlineData(0x00091010u)]
    public void Scan_finds_nesting_hidden_in_a_value_of_unknown_VR(uint tag)
    {
        var inner = new DataSetBytes(isExplicit: false).Item((uint)Nested(false, 65, false).Length).Raw(Nested(false, 65, false)).ToArray();

        Assert.Equal("dicom.depth", Refused(new DataSetBytes().Identity().Element(tag, "UN", inner).ToFile()).Code);
        Assert.Equal("dicom.depth", Refused(new DataSetBytes(false).Identity().Element(tag, "", inner).ToFile()).Code);
    }

    [Fact]
    public void Scan_finds_nesting_after_the_pixel_data()
    {
        var file = new DataSetBytes().Identity().Element(PixelData, "OW", [0, 0]).Raw(Nested(true, 65, true)).ToFile();

        Assert.Equal("dicom.depth", Refused(file).Code);
    }

    [Fact]
    public void Scan_lets_private_bytes_be_that_only_look_like_an_item()
    {
        byte[] looksLikeItem = [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0x00, 0x00, 1, 2, 3, 4];

        var header = Sound(new DataSetBytes(isExplicit: false).Element(0x00091010, "", looksLikeItem).Identity().ToFile());

        Assert.Equal(1, header.ToleratedFaults);
    }

    [Fact]
    public void Scan_takes_pixels_that_look_like_an_item_as_pixels()
    {
        byte[] pixels = [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0x00, 0x00, 1, 2, 3, 4];

        Assert.Equal(0, Sound(new DataSetBytes(isExplicit: false).Identity().Element(PixelData, "", pixels).ToFile()).ToleratedFaults);
    }

    [Fact]
    public void Scan_refuses_an_item_longer_than_its_sequence()
    {
        var sequence = new DataSetBytes().Item(1000).Text(0x00080104, "LO", "AB").ToArray();

        Assert.Equal("dicom.length", Refused(new DataSetBytes().Element(ContentSequence, "SQ", sequence).Identity().Raw(new byte[2000]).ToFile()).Code);
    }

    [Fact]
    public void Scan_refuses_an_element_longer_than_its_item()
    {
        var item = new DataSetBytes().Header(0x00080104, "LO", 500).Raw("AB"u8).ToArray();
        var sequence = new DataSetBytes().Item((uint)item.Length).Raw(item).ToArray();

        Assert.Equal("dicom.length", Refused(new DataSetBytes().Element(ContentSequence, "SQ", sequence).Identity().Raw(new byte[2000]).ToFile()).Code);
    }

    [Fact]
    public void Scan_closes_a_sequence_whose_delimiter_is_missing()
    {
        var file = new DataSetBytes().Header(0x00081140, "SQ", DataSetBytes.Undefined).Item(DataSetBytes.Undefined).Text(0x00081155, "UI", "1.2")
            .ItemEnd().Identity().ToFile();

        Assert.Equal(1, Sound(file).ToleratedFaults);
    }

    [Fact]
    public void Scan_walks_over_stray_delimiters()
    {
        Assert.Equal(2, Sound(new DataSetBytes().ItemEnd().SequenceEnd().Identity().ToFile()).ToleratedFaults);
    }

    [Fact]
    public void Scan_walks_encapsulated_pixel_data_by_its_fragments()
    {
        var delimiterInside = new byte[] { 1, 2, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0 };
        var file = new DataSetBytes().Identity().Header(PixelData, "OB", DataSetBytes.Undefined).Item(0)
            .Item((uint)delimiterInside.Length).Raw(delimiterInside).SequenceEnd();

        Assert.Equal(0, Sound(file.ToFile("1.2.840.10008.1.2.4.70")).ToleratedFaults);
        Assert.Equal("dicom.truncated", Refused(file.ToFile("1.2.840.10008.1.2.4.70")[..^8]).Code);
    }

    [Fact]
    public void Scan_says_where_the_sound_part_ends_before_trailing_garbage()
    {
        var sound = new DataSetBytes().Identity().Element(PixelData, "OW", [0, 0]).ToFile();

        var header = Sound([.. sound, .. "not an element at all"u8]);

        Assert.Equal(sound.Length, header.DataSetEnd);
        Assert.Equal(1, header.ToleratedFaults);
    }

    [Fact]
    public void Scan_refuses_the_same_identity_twice_with_different_values()
    {
        Assert.Equal("dicom.uid", Refused(new DataSetBytes().Identity().Text(0x0020000D, "UI", "1.2.4").ToFile()).Code);
        Sound(new DataSetBytes().Identity().Text(0x0020000D, "UI", "1.2.3").ToFile());
    }

    [Theory]
    [InlineData("1.2.3", true)]
    [InlineData("1.2.3\0", true)]
    [InlineData("1.2.03 ", true)]
    [InlineData("0123456789.123456789.123456789.123456789.123456789.123456789.123", true)]
    [InlineData("0123456789.123456789.123456789.123456789.123456789.123456789.1234", false)]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("1..2", false)]
    [InlineData(".1", false)]
    [InlineData("1.", false)]
    [InlineData("1/2", false)]
    [InlineData("1\\2", false)]
    [InlineData("1.2.a", false)]
    public void Scan_takes_only_UIDs_that_are_safe_as_names(string uid, bool isUid)
    {
        var file = new DataSetBytes().Identity(series: uid).ToFile();

        if (isUid)
            Assert.Equal(uid.TrimEnd(' ', '\0'), Sound(file).SeriesInstanceUid);
        else
            Assert.Equal("dicom.uid", Refused(file).Code);
    }

    [Fact]
    public void Scan_bounds_the_number_of_elements()
    {
        var element = new DataSetBytes().Text(0x00091010, "LO", "").ToArray();
        var many = new byte[element.Length * (Part10Scan.MaximumElements + 1)];
        for (var i = 0; i < many.Length; i += element.Length)
            element.CopyTo(many, i);

        Assert.Equal("dicom.items", Refused(new DataSetBytes().Identity().Raw(many).ToFile()).Code);
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2.4.95")]
    [InlineData("1.2.840.113619.5.2")]
    public void Scan_refuses_a_transfer_syntax_it_cannot_walk(string uid)
    {
        Assert.Equal("dicom.transfer-syntax", Refused(new DataSetBytes().Identity().ToFile(uid)).Code);
    }

    [Fact]
    public void Scan_reads_little_of_a_huge_file()
    {
        using var stream = new CountingStream(new DataSetBytes().Identity().Header(PixelData, "OW", 600_000_000).ToFile(), 600_000_000);

        Assert.IsType<ScanResult.Sound>(Part10Scan.Scan(stream));

        Assert.InRange(stream.BytesRead, 1, 64 * 1024);
    }

    internal static InstanceHeader Sound(byte[] file) => Assert.IsType<ScanResult.Sound>(Part10Scan.Scan(new MemoryStream(file))).Header;

    internal static ScanResult.Refused Refused(byte[] file) => Assert.IsType<ScanResult.Refused>(Part10Scan.Scan(new MemoryStream(file)));

    private static byte[] Nested(bool isExplicit, int depth, bool isUndefined)
    {
        var inner = Array.Empty<byte>();
        for (var i = 0; i < depth; i++)
        {
            inner = isUndefined
                ? new DataSetBytes(isExplicit).Header(ContentSequence, "SQ", DataSetBytes.Undefined).Item(DataSetBytes.Undefined).Raw(inner)
                    .ItemEnd().SequenceEnd().ToArray()
                : new DataSetBytes(isExplicit).Header(ContentSequence, "SQ", (uint)inner.Length + 8).Item((uint)inner.Length).Raw(inner).ToArray();
        }

        return inner;
    }
}
