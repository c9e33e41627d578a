using FellowOakDicom;
using HSENet.Toolkit.Contract.Tests.Data;

namespace HSENet.Toolkit.Tests.Data;

/// <summary>Faults of senders that this reader puts up with.</summary>
public class TolerantReaderTests
{
    [Fact]
    public void Item_without_its_delimiter_is_read()
    {
        var dataset = new RawFile().Sequence(0x0040A730)
            .Item().Explicit(0x0040A040, "CS", "TEXT")
            .Item().Explicit(0x0040A040, "CS", "CODE")
            .EndSequence().Explicit(0x0040DB00, "CS", "2000").Read();
        Assert.Equal(["TEXT", "CODE"], dataset.GetSequence(DicomTag.ContentSequence).Items.Select(item => item.GetString(DicomTag.ValueType)));
        Assert.True(dataset.Contains(DicomTag.TemplateIdentifier));
    }

    [Fact]
    public void Sequence_without_its_delimiter_is_read()
    {
        var dataset = new RawFile().Sequence(0x0040A730).Item().Explicit(0x0040A040, "CS", "TEXT").EndItem()
            .Explicit(0x0040DB00, "CS", "2000").Read();
        Assert.Equal("2000", dataset.GetString(DicomTag.TemplateIdentifier));
    }

    [Fact]
    public void Stray_delimiters_are_passed_over()
    {
        var dataset = new RawFile().Explicit(0x00100020, "LO", "ID").EndSequence().EndItem().Explicit(0x00280010, "US", [1, 0]).Read();
        Assert.Equal(1, dataset.GetSingleValue<int>(DicomTag.Rows));
    }

    [Fact]
    public void Trailing_padding_is_read()
    {
        var dataset = new RawFile().Explicit(0x00100020, "LO", "ID").Explicit(0xFFFCFFFC, "OB", new byte[6]).Read();
        Assert.Equal("ID", dataset.GetString(DicomTag.PatientID));
        Assert.Single(new RawFile().Explicit(0x00100020, "LO", "ID").Raw(new byte[100]).Read());
    }

    [Theory]
    [InlineData("\0\0")]
    [InlineData("  ")]
    public void Blank_vr_is_taken_from_the_dictionary(string vr)
    {
        var dataset = new RawFile().Explicit(0x00100020, vr, "ID").Explicit(0x00280010, "US", [1, 0]).Read();
        Assert.Equal(("ID", 1), (dataset.GetString(DicomTag.PatientID), dataset.GetSingleValue<int>(DicomTag.Rows)));
    }

    [Fact]
    public void Vr_that_is_new_to_us_is_read_as_unknown()
    {
        var dataset = new RawFile().Tag(0x00100020).Raw("ZZ"u8.ToArray()).Raw(0, 0).UInt32(2).Raw("ID"u8.ToArray()).Explicit(0x00280010, "US", [1, 0]).Read();
        Assert.Equal("UN", dataset.GetDicomItem<DicomItem>(DicomTag.PatientID).ValueRepresentation.Code);
        Assert.Equal(1, dataset.GetSingleValue<int>(DicomTag.Rows));
    }

    [Fact]
    public void Letters_that_are_no_vr_may_have_a_short_length()
    {
        var dataset = new RawFile().Explicit(0x00100020, "ZZ", "IDID").Explicit(0x00280010, "US", [1, 0]).Read();
        Assert.Equal("IDID", dataset.GetString(DicomTag.PatientID));
        Assert.Equal(1, dataset.GetSingleValue<int>(DicomTag.Rows));
    }

    [Fact]
    public void Wrong_group_length_of_the_meta_information_does_not_matter()
    {
        var bytes = new RawFile().Explicit(0x00100020, "LO", "ID").File;
        bytes[140] = 0x01;
        Assert.Equal("ID", Written.Open(bytes).Dataset.GetString(DicomTag.PatientID));
    }
}
