using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

public class TagTests
{
    [Theory]
    [InlineData("0010,0020")]
    [InlineData("(0010,0020)")]
    [InlineData("00100020")]
    public void Tag_is_parsed_from_its_usual_forms(string text) => Assert.Equal(DicomTag.PatientID, DicomTag.Parse(text));

    [Fact]
    public void Tag_is_parsed_with_its_private_creator()
    {
        var tag = DicomTag.Parse("(0029,1010:SIEMENS CSA HEADER)");
        Assert.Equal(new DicomTag(0x0029, 0x1010, "SIEMENS CSA HEADER"), tag);
        Assert.Equal("SIEMENS CSA HEADER", tag.PrivateCreator.Creator);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PatientID?")]
    [InlineData("0010,002")]
    public void Tag_that_is_none_is_refused(string text) => Assert.ThrowsAny<DicomDataException>(() => DicomTag.Parse(text));

    [Fact]
    public void Tag_writes_itself_in_brackets_and_plain()
    {
        Assert.Equal("(0008,103e)", DicomTag.SeriesDescription.ToString());
        Assert.Equal("(0008,103e)", DicomTag.SeriesDescription.ToString("G", null));
        Assert.Equal("0008103E", DicomTag.SeriesDescription.ToString("J", null));
        Assert.Equal("(0029,1010:ACME)", new DicomTag(0x0029, 0x1010, "ACME").ToString());
        Assert.Throws<FormatException>(() => DicomTag.PatientID.ToString("?", null));
    }

    [Fact]
    public void Tags_of_one_number_are_equal()
    {
        var same = new DicomTag(0x0010, 0x0020);
        Assert.True(same.Equals(DicomTag.PatientID));
        Assert.True(same.Equals((object)DicomTag.PatientID));
        Assert.True(same == DicomTag.PatientID);
        Assert.False(same != DicomTag.PatientID);
        Assert.Equal(same.GetHashCode(), DicomTag.PatientID.GetHashCode());
        Assert.False(same.Equals(DicomTag.PatientName));
    }

    [Fact]
    public void Private_tags_of_different_creators_differ()
    {
        var creator = new DicomPrivateCreator("ACME");
        Assert.NotEqual(new DicomTag(0x0029, 0x1010, creator), new DicomTag(0x0029, 0x1010, "OTHER"));
        Assert.Equal(new DicomTag(0x0029, 0x1010, creator), new DicomTag(0x0029, 0x1010, "ACME"));
    }

    [Fact]
    public void Tags_are_ordered_by_group_and_element()
    {
        Assert.True(DicomTag.StudyDate.CompareTo(DicomTag.PatientName) < 0);
        Assert.True(DicomTag.PatientID.CompareTo((object)DicomTag.PatientName) > 0);
        Assert.Equal(0, DicomTag.PixelData.CompareTo(new DicomTag(0x7FE0, 0x0010)));
    }

    [Fact]
    public void Tag_knows_its_numbers_and_whether_it_is_private()
    {
        Assert.Equal((0x0028, 0x0010, false), (DicomTag.Rows.Group, DicomTag.Rows.Element, DicomTag.Rows.IsPrivate));
        Assert.True(new DicomTag(0x0029, 0x0010).IsPrivate);
        Assert.Null(DicomTag.Rows.PrivateCreator);
    }

    [Fact]
    public void Private_creators_are_compared_by_their_text()
    {
        var acme = new DicomPrivateCreator("ACME");
        Assert.True(acme.Equals(new DicomPrivateCreator("ACME")));
        Assert.True(acme.Equals((object)new DicomPrivateCreator("ACME")));
        Assert.True(acme.CompareTo(new DicomPrivateCreator("BETA")) < 0);
        Assert.True(acme.CompareTo((object)new DicomPrivateCreator("AAA")) > 0);
        Assert.Equal("ACME", acme.ToString());
        Assert.Equal(acme.GetHashCode(), new DicomPrivateCreator("ACME").GetHashCode());
    }

    [Fact]
    public void Masked_tag_matches_where_its_digits_are_free()
    {
        var overlay = DicomMaskedTag.Parse("(60xx,3000)");
        Assert.True(overlay.IsMatch(new DicomTag(0x6002, 0x3000)));
        Assert.False(overlay.IsMatch(new DicomTag(0x6102, 0x3000)));
        Assert.Equal((0x60003000u, 0xFF00FFFFu), (overlay.Card, overlay.Mask));
        Assert.True(new DicomMaskedTag(DicomTag.Rows).IsMatch(DicomTag.Rows));
        Assert.False(new DicomMaskedTag(DicomTag.Rows).IsMatch(DicomTag.Columns));
    }
}
