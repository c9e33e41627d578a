using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

/// <summary>Right and slightly wrong bytes that the reader has to read.</summary>
public class ReaderTests
{
    [Fact]
    public void Implicit_vr_takes_the_vr_from_the_dictionary()
    {
        var dataset = RawFile.Implicit.ImplicitElement(0x00100020, "ID").ImplicitElement(0x00280010, [0, 2]).Read();
        Assert.Equal("LO", dataset.GetDicomItem<DicomItem>(DicomTag.PatientID).ValueRepresentation.Code);
        Assert.Equal(512, dataset.GetSingleValue<int>(DicomTag.Rows));
        Assert.Equal(DicomTransferSyntax.ImplicitVRLittleEndian, dataset.InternalTransferSyntax);
    }

    /// <summary>Of US or SS it is US; the two bytes are what they are.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Implicit_vr_does_not_ask_whether_pixels_are_signed(byte representation)
    {
        var dataset = RawFile.Implicit.ImplicitElement(0x00280103, [representation, 0]).ImplicitElement(0x00280120, [0x30, 0xF8]).Read();
        Assert.Equal("US", dataset.GetDicomItem<DicomItem>(DicomTag.PixelPaddingValue).ValueRepresentation.Code);
        Assert.Equal([0x30, 0xF8], dataset.GetDicomItem<DicomElement>(DicomTag.PixelPaddingValue).Buffer.Data);
    }

    [Fact]
    public void Implicit_pixel_data_are_words() =>
        Assert.IsType<DicomOtherWord>(RawFile.Implicit.ImplicitElement(0x7FE00010, [1, 0]).Read().GetDicomItem<DicomItem>(DicomTag.PixelData));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sequences_of_both_kinds_of_length_are_read(bool undefined)
    {
        var item = new RawFile().Explicit(0x0040A040, "CS", "TEXT").Dataset;
        var raw = undefined
            ? new RawFile().Sequence(0x0040A730).Item().Raw(item).EndItem().EndSequence()
            : new RawFile().Sequence(0x0040A730, (uint)item.Length + 8).Item((uint)item.Length).Raw(item);
        var dataset = raw.Explicit(0x0040DB00, "CS", "2000").Read();
        Assert.Equal("TEXT", dataset.GetSequence(DicomTag.ContentSequence).Items.Single().GetString(DicomTag.ValueType));
        Assert.Equal("2000", dataset.GetString(DicomTag.TemplateIdentifier));
    }

    [Fact]
    public void Unknown_vr_of_undefined_length_is_an_implicit_sequence()
    {
        var dataset = new RawFile().Explicit(0x00291010, "UN", [], RawFile.Undefined)
            .Item().ImplicitElement(0x00100020, "ID").EndItem().EndSequence()
            .Explicit(0x00291020, "LO", "after ").Read();
        Assert.Equal("ID", dataset.OfType<DicomSequence>().Single().Items.Single().GetString(DicomTag.PatientID));
        Assert.Equal("after", dataset.GetString(new DicomTag(0x0029, 0x1020)));
    }

    [Fact]
    public void Length_inside_unknown_vr_is_no_vr_though_it_looks_like_one()
    {
        // 20300 is 4F4CH, in little endian the letters LO
        var dataset = new RawFile().Explicit(0x00291010, "UN", [], RawFile.Undefined)
            .Item().ImplicitElement(0x00204000, new byte[20300]).ImplicitElement(0x00280010, [0, 2]).EndItem().EndSequence().Read();
        Assert.Equal(512, dataset.OfType<DicomSequence>().Single().Items.Single().GetSingleValue<int>(DicomTag.Rows));
    }

    [Fact]
    public void Private_implicit_sequence_of_undefined_length_is_read()
    {
        var dataset = RawFile.Implicit.ImplicitElement(0x00290010, "ACME").ImplicitElement(0x00291010, [], RawFile.Undefined)
            .Item().ImplicitElement(0x00100020, "ID").EndItem().EndSequence().Read();
        Assert.Equal("ID", dataset.GetSequence(new DicomTag(0x0029, 0x0010, "ACME")).Items.Single().GetString(DicomTag.PatientID));
    }

    [Fact]
    public void Unknown_vr_of_a_length_keeps_its_bytes()
    {
        var dataset = new RawFile().Explicit(0x00291010, "UN", [1, 2, 3, 4]).Read();
        Assert.Equal([1, 2, 3, 4], dataset.GetValues<byte>(new DicomTag(0x0029, 0x1010)));
    }

    [Fact]
    public void Odd_length_is_read()
    {
        var dataset = new RawFile().Explicit(0x00100020, "LO", "abc").Explicit(0x00280010, "US", [1, 0]).Read();
        Assert.Equal(("abc", 1), (dataset.GetString(DicomTag.PatientID), dataset.GetSingleValue<int>(DicomTag.Rows)));
    }

    [Fact]
    public void Attributes_out_of_order_are_read()
    {
        var dataset = new RawFile().Explicit(0x00280010, "US", [1, 0]).Explicit(0x00100020, "LO", "ID").Read();
        Assert.Equal([DicomTag.PatientID, DicomTag.Rows], dataset.Select(item => item.Tag));
    }

    [Fact]
    public void Empty_values_are_read()
    {
        var dataset = new RawFile().Explicit(0x00100020, "LO", "").Explicit(0x0040A730, "SQ", []).Read();
        Assert.Equal("", dataset.GetString(DicomTag.PatientID));
        Assert.Empty(dataset.GetSequence(DicomTag.ContentSequence));
    }

    [Fact]
    public void Padding_is_no_part_of_a_value()
    {
        var dataset = new RawFile().Explicit(0x0020000D, "UI", "1.2.3\0").Explicit(0x00080060, "CS", "CT  ").Explicit(0x00280030, "DS", "0.5 \\ 0.25").Read();
        Assert.Equal("1.2.3", dataset.GetString(DicomTag.StudyInstanceUID));
        Assert.Equal("CT", dataset.GetString(DicomTag.Modality));
        Assert.Equal([0.5, 0.25], dataset.GetValues<double>(DicomTag.PixelSpacing));
    }

    [Fact]
    public void Stream_that_cannot_seek_is_read()
    {
        using var stream = new BufferedOneWay(new RawFile().Explicit(0x00100020, "LO", "ID").Explicit(0x7FE00010, "OW", new byte[300_000]).File);
        var dataset = DicomFile.Open(stream).Dataset;
        Assert.Equal(150_000, dataset.GetValues<ushort>(DicomTag.PixelData).Length);
    }

    private sealed class BufferedOneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
