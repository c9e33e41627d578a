using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

public class ValidationTests
{
    [Theory]
    [InlineData("AE", "A TITLE OF 17 CHR")]
    [InlineData("AS", "61")]
    [InlineData("CS", "lower")]
    [InlineData("CS", "SEVENTEEN_LETTERS")]
    [InlineData("DA", "2024-02-29")]
    [InlineData("DA", "20241301")]
    [InlineData("DS", "1,5")]
    [InlineData("DS", "0.12345678901234567")]
    [InlineData("DT", "20241301")]
    [InlineData("IS", "1.5")]
    [InlineData("IS", "2147483648")]
    [InlineData("LO", "12345678901234567890123456789012345678901234567890123456789012345")]
    [InlineData("LO", "line\nbreak")]
    [InlineData("SH", "12345678901234567")]
    [InlineData("TM", "2561")]
    [InlineData("UI", "1.02.3")]
    [InlineData("UI", "x")]
    [InlineData("PN", "a=b=c=d")]
    public void Value_that_breaks_the_rules_is_refused(string code, string value)
    {
        var refused = Assert.Throws<DicomValidationException>(() => DicomVR.Parse(code).ValidateString(value));
        Assert.Equal(code, refused.VR.Code);
        Assert.Equal(value, refused.Content);
        Assert.NotEmpty(refused.Message);
    }

    [Theory]
    [InlineData("AE", "PACS 1")]
    [InlineData("AS", "061Y")]
    [InlineData("CS", "ORIGINAL")]
    [InlineData("DA", "20240229")]
    [InlineData("DS", "-1.5e-3")]
    [InlineData("DT", "20240229235959.123456+0100")]
    [InlineData("IS", "-2147483648")]
    [InlineData("LO", "Anything else")]
    [InlineData("LT", "Lines\r\nof text")]
    [InlineData("SH", "1234567890123456")]
    [InlineData("TM", "235959.999999")]
    [InlineData("TM", "23")]
    [InlineData("UI", "1.2.840.10008.1.1")]
    [InlineData("PN", "Yamada^Tarou=山田^太郎")]
    public void Value_that_keeps_the_rules_is_taken(string code, string value) => DicomVR.Parse(code).ValidateString(value);

    [Fact]
    public void Data_set_refuses_what_breaks_the_rules()
    {
        Assert.Throws<DicomValidationException>(() => new DicomDataset().Add(DicomTag.Modality, "ct"));
        Assert.Throws<DicomValidationException>(() => new DicomDataset(new DicomUniqueIdentifier(DicomTag.StudyInstanceUID, "1.02")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Data_set_refuses_a_wrong_number_of_values(int count) =>
        Assert.ThrowsAny<DicomDataException>(() => new DicomDataset().Add(DicomTag.ImagePositionPatient, Enumerable.Repeat("1", count).ToArray()));

    [Fact]
    public void Validation_can_be_switched_off_and_asked_for()
    {
        var dataset = new DicomDataset().NotValidated().AddOrUpdate(DicomTag.Modality, "ct");
        Assert.Throws<DicomValidationException>(dataset.Validate);
        Assert.Throws<DicomValidationException>(dataset.GetDicomItem<DicomElement>(DicomTag.Modality).Validate);
        Assert.Throws<DicomValidationException>(() => dataset.Validated().AddOrUpdate(DicomTag.Modality, "mr"));
        dataset.NotValidated().AddOrUpdate(DicomTag.Modality, "mr");
    }

    [Fact]
    public void Validation_is_still_told_by_the_property_that_is_to_go()
    {
#pragma warning disable CS0618 // it is what this test is about
        var dataset = new DicomDataset();
        Assert.True(dataset.AutoValidate);
        Assert.False(dataset.NotValidated().AutoValidate);
        dataset.AutoValidate = true;
#pragma warning restore CS0618
        Assert.Throws<DicomValidationException>(() => dataset.AddOrUpdate(DicomTag.Modality, "ct"));
    }

    [Fact]
    public void Validation_reaches_into_sequences()
    {
        var item = new DicomDataset().NotValidated().AddOrUpdate(DicomTag.ValueType, "text");
        Assert.Throws<DicomValidationException>(new DicomSequence(DicomTag.ContentSequence, item).Validate);
    }

    [Fact]
    public void Empty_values_break_no_rule() =>
        new DicomDataset().Add(DicomTag.StudyDate, "").Add(DicomTag.PatientName, "").Add(DicomTag.SeriesNumber, "").Validate();

    [Fact]
    public void What_is_read_is_not_validated()
    {
        var dataset = new RawFile().Explicit(0x00080060, "CS", "ct").Explicit(0x00281053, "DS", "1,5 ").Read();
        Assert.Equal("ct", dataset.GetString(DicomTag.Modality));
        Assert.Equal("1,5", dataset.GetString(DicomTag.RescaleSlope));
    }

    [Fact]
    public void Exceptions_keep_what_they_are_told()
    {
        var inner = new InvalidOperationException();
        Assert.Equal("a", new DicomDataException("a").Message);
        Assert.Same(inner, new DicomDataException("a", inner).InnerException);
        var file = new DicomFile();
        Assert.Same(file, new DicomFileException(file, "a").File);
        Assert.Same(inner, new DicomFileException(file, "a", inner).InnerException);
        Assert.Equal("v", new DicomValidationException("v", DicomVR.CS, "m").Content);
        Assert.IsType<DicomException>(new DicomDataException("a"), exactMatch: false);
    }
}
