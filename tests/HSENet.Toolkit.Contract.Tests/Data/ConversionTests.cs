using FellowOakDicom;
using FellowOakDicom.IO.Buffer;

namespace HSENet.Toolkit.Contract.Tests.Data;

public class ConversionTests
{
    private enum Sex
    {
        M,
        F,
    }

    private static readonly DicomDataset Dataset = new DicomDataset(
        new DicomUnsignedShort(DicomTag.Rows, 512),
        new DicomDecimalString(DicomTag.PixelSpacing, "0.7421875", " 1.5 "),
        new DicomIntegerString(DicomTag.SeriesNumber, "3 "),
        new DicomIntegerString(DicomTag.NumberOfFrames, ""),
        new DicomCodeString(DicomTag.PatientSex, "F"),
        new DicomDate(DicomTag.StudyDate, "20240229"),
        new DicomTime(DicomTag.StudyTime, "131415.25"),
        new DicomUniqueIdentifier(DicomTag.SOPClassUID, DicomUID.CTImageStorage),
        new DicomCodeString(DicomTag.ImageType, "ORIGINAL", "PRIMARY", "AXIAL"),
        new DicomPersonName(DicomTag.PatientName, "Doe^Jane"),
        new DicomSequence(DicomTag.ReferencedStudySequence),
        new DicomOtherWord(DicomTag.PixelData, 1, 65535));

    [Fact]
    public void Unsigned_short_reads_as_any_number_and_as_text()
    {
        Assert.Equal((ushort)512, Dataset.GetSingleValue<ushort>(DicomTag.Rows));
        Assert.Equal(512, Dataset.GetSingleValue<int>(DicomTag.Rows));
        Assert.Equal(512u, Dataset.GetSingleValue<uint>(DicomTag.Rows));
        Assert.Equal(512.0, Dataset.GetSingleValue<double>(DicomTag.Rows));
        Assert.Equal("512", Dataset.GetSingleValue<string>(DicomTag.Rows));
        Assert.Equal("512", Dataset.GetString(DicomTag.Rows));
    }

    [Fact]
    public void Decimal_string_reads_as_double_decimal_and_text()
    {
        Assert.Equal([0.7421875, 1.5], Dataset.GetValues<double>(DicomTag.PixelSpacing));
        Assert.Equal([0.7421875m, 1.5m], Dataset.GetValues<decimal>(DicomTag.PixelSpacing));
        Assert.Equal("0.7421875", Dataset.GetValues<string>(DicomTag.PixelSpacing)[0]);
        Assert.Equal(1.5f, Dataset.GetValue<float>(DicomTag.PixelSpacing, 1));
    }

    [Fact]
    public void Integer_string_reads_as_int_and_double()
    {
        Assert.Equal(3, Dataset.GetSingleValue<int>(DicomTag.SeriesNumber));
        Assert.Equal(3.0, Dataset.GetSingleValue<double>(DicomTag.SeriesNumber));
        Assert.Equal("3", Dataset.GetSingleValue<string>(DicomTag.SeriesNumber));
    }

    [Fact]
    public void Code_reads_as_enum() => Assert.Equal(Sex.F, Dataset.GetSingleValue<Sex>(DicomTag.PatientSex));

    [Fact]
    public void Date_and_time_read_as_datetime()
    {
        Assert.Equal(new DateTime(2024, 2, 29), Dataset.GetSingleValue<DateTime>(DicomTag.StudyDate));
        Assert.Equal(new TimeSpan(0, 13, 14, 15, 250), Dataset.GetSingleValue<DateTime>(DicomTag.StudyTime).TimeOfDay);
        Assert.Equal(new DateTime(2024, 2, 29, 13, 14, 15, 250), Dataset.GetDateTime(DicomTag.StudyDate, DicomTag.StudyTime));
    }

    [Fact]
    public void Uid_reads_as_uid_and_text()
    {
        Assert.Equal(DicomUID.CTImageStorage, Dataset.GetSingleValue<DicomUID>(DicomTag.SOPClassUID));
        Assert.Equal("1.2.840.10008.5.1.4.1.1.2", Dataset.GetString(DicomTag.SOPClassUID));
    }

    [Fact]
    public void Several_values_are_counted_indexed_and_joined()
    {
        Assert.Equal(3, Dataset.GetValueCount(DicomTag.ImageType));
        Assert.Equal("AXIAL", Dataset.GetValue<string>(DicomTag.ImageType, 2));
        Assert.Equal("ORIGINAL\\PRIMARY\\AXIAL", Dataset.GetString(DicomTag.ImageType));
        Assert.Equal(["ORIGINAL", "PRIMARY", "AXIAL"], Dataset.GetValues<string>(DicomTag.ImageType));
    }

    [Fact]
    public void Single_value_of_several_is_refused()
    {
        Assert.ThrowsAny<DicomDataException>(() => Dataset.GetSingleValue<string>(DicomTag.ImageType));
        Assert.False(Dataset.TryGetSingleValue(DicomTag.ImageType, out string _));
        Assert.Equal("x", Dataset.GetSingleValueOrDefault(DicomTag.ImageType, "x"));
    }

    [Fact]
    public void Missing_attribute_is_refused_by_get_and_not_by_try()
    {
        Assert.ThrowsAny<DicomDataException>(() => Dataset.GetSingleValue<int>(DicomTag.Columns));
        Assert.ThrowsAny<DicomDataException>(() => Dataset.GetString(DicomTag.PatientID));
        Assert.ThrowsAny<DicomDataException>(() => Dataset.GetValues<int>(DicomTag.Columns));
        Assert.ThrowsAny<DicomDataException>(() => Dataset.GetValueCount(DicomTag.Columns));
        Assert.False(Dataset.TryGetString(DicomTag.PatientID, out _));
        Assert.False(Dataset.TryGetValues<int>(DicomTag.Columns, out _));
        Assert.Equal(7, Dataset.GetSingleValueOrDefault(DicomTag.Columns, 7));
        Assert.Equal(7, Dataset.GetValueOrDefault(DicomTag.Columns, 0, 7));
    }

    [Fact]
    public void Empty_attribute_is_present_without_values()
    {
        Assert.True(Dataset.Contains(DicomTag.NumberOfFrames));
        Assert.Equal("", Dataset.GetString(DicomTag.NumberOfFrames));
        Assert.Equal(0, Dataset.GetValueCount(DicomTag.NumberOfFrames));
        Assert.Empty(Dataset.GetValues<int>(DicomTag.NumberOfFrames));
        Assert.False(Dataset.TryGetSingleValue(DicomTag.NumberOfFrames, out int _));
        Assert.Equal(1, Dataset.GetSingleValueOrDefault(DicomTag.NumberOfFrames, 1));
        Assert.ThrowsAny<DicomDataException>(() => Dataset.GetSingleValue<int>(DicomTag.NumberOfFrames));
    }

    [Fact]
    public void Index_beyond_the_values_is_refused()
    {
        Assert.ThrowsAny<DicomDataException>(() => Dataset.GetValue<string>(DicomTag.ImageType, 3));
        Assert.False(Dataset.TryGetValue(DicomTag.ImageType, 3, out string _));
        Assert.True(Dataset.TryGetValue(DicomTag.ImageType, 0, out string first));
        Assert.Equal("ORIGINAL", first);
    }

    [Fact]
    public void Value_that_cannot_be_converted_is_refused()
    {
        Assert.ThrowsAny<Exception>(() => Dataset.GetSingleValue<int>(DicomTag.PatientName));
        Assert.False(Dataset.TryGetSingleValue(DicomTag.PatientName, out int _));
        Assert.False(Dataset.TryGetValues<double>(DicomTag.ImageType, out _));
        Assert.Equal(5, Dataset.GetSingleValueOrDefault(DicomTag.PatientName, 5));
    }

    [Fact]
    public void Sequence_is_no_value()
    {
        Assert.ThrowsAny<DicomDataException>(() => Dataset.GetString(DicomTag.ReferencedStudySequence));
        Assert.ThrowsAny<DicomDataException>(() => Dataset.GetSequence(DicomTag.Rows));
        Assert.Empty(Dataset.GetSequence(DicomTag.ReferencedStudySequence).Items);
        Assert.True(Dataset.TryGetSequence(DicomTag.ReferencedStudySequence, out var sequence));
        Assert.Empty(sequence);
        Assert.False(Dataset.TryGetSequence(DicomTag.Rows, out _));
        Assert.Equal("SQ", sequence.ValueRepresentation.Code);
    }

    [Fact]
    public void Words_read_as_words_and_as_bytes()
    {
        Assert.Equal([1, 65535], Dataset.GetValues<ushort>(DicomTag.PixelData));
        Assert.Equal([1, 0, 255, 255], Dataset.GetDicomItem<DicomElement>(DicomTag.PixelData).Buffer.Data);
    }

    [Fact]
    public void Item_of_another_class_is_not_found()
    {
        Assert.NotNull(Dataset.GetDicomItem<DicomItem>(DicomTag.Rows));
        Assert.Null(Dataset.GetDicomItem<DicomSequence>(DicomTag.Rows));
        Assert.Null(Dataset.GetDicomItem<DicomElement>(DicomTag.Columns));
    }

    [Theory]
    [InlineData("1,5")]
    [InlineData("NaN?")]
    [InlineData("abc")]
    public void Decimal_string_that_is_no_number_has_no_double(string text)
    {
        var dataset = new DicomDataset().NotValidated().AddOrUpdate(DicomTag.RescaleSlope, text);
        Assert.False(dataset.TryGetSingleValue(DicomTag.RescaleSlope, out double _));
        Assert.Equal(text, dataset.GetString(DicomTag.RescaleSlope));
    }

    [Fact]
    public void Buffer_becomes_a_value()
    {
        var dataset = new DicomDataset().AddOrUpdate<IByteBuffer>(DicomVR.OW, DicomTag.PixelData, new MemoryByteBuffer([1, 0, 2, 0]));
        Assert.Equal([1, 2], dataset.GetValues<ushort>(DicomTag.PixelData));
    }

    [Fact]
    public void Missing_time_leaves_midnight()
    {
        var dataset = new DicomDataset(new DicomDate(DicomTag.StudyDate, "20240229"));
        Assert.Equal(new DateTime(2024, 2, 29), dataset.GetDateTime(DicomTag.StudyDate, DicomTag.StudyTime));
    }
}
