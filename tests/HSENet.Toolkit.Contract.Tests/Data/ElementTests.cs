using System.Text;
using FellowOakDicom;
using FellowOakDicom.IO.Buffer;

namespace HSENet.Toolkit.Contract.Tests.Data;

public class ElementTests
{
    private static readonly Encoding[] Ascii = [Encoding.ASCII];

    private static MemoryByteBuffer Buffer(string text) => new(Encoding.ASCII.GetBytes(text));

    public static TheoryData<DicomElement, string, string> Texts() => new()
    {
        { new DicomApplicationEntity(DicomTag.RetrieveAETitle, "PACS", "OTHER"), "AE", "PACS\\OTHER" },
        { new DicomApplicationEntity(DicomTag.RetrieveAETitle, Buffer("PACS")), "AE", "PACS" },
        { new DicomAgeString(DicomTag.PatientAge, "061Y"), "AS", "061Y" },
        { new DicomAgeString(DicomTag.PatientAge, Buffer("061Y")), "AS", "061Y" },
        { new DicomCodeString(DicomTag.ImageType, "ORIGINAL", "PRIMARY"), "CS", "ORIGINAL\\PRIMARY" },
        { new DicomCodeString(DicomTag.Modality, Buffer("CT")), "CS", "CT" },
        { new DicomDate(DicomTag.StudyDate, new DateTime(2024, 2, 29)), "DA", "20240229" },
        { new DicomDate(DicomTag.StudyDate, "20240229"), "DA", "20240229" },
        { new DicomDate(DicomTag.StudyDate, Buffer("20240229")), "DA", "20240229" },
        { new DicomTime(DicomTag.StudyTime, "235959.5"), "TM", "235959.5" },
        { new DicomTime(DicomTag.StudyTime, Buffer("2359")), "TM", "2359" },
        { new DicomDateTime(DicomTag.AcquisitionDateTime, "20240229235959"), "DT", "20240229235959" },
        { new DicomDateTime(DicomTag.AcquisitionDateTime, Buffer("2024")), "DT", "2024" },
        { new DicomDecimalString(DicomTag.PixelSpacing, 0.75m, 1.5m), "DS", "0.75\\1.5" },
        { new DicomDecimalString(DicomTag.PixelSpacing, "0.75", "1e-1"), "DS", "0.75\\1e-1" },
        { new DicomDecimalString(DicomTag.SliceThickness, Buffer("5.0 ")), "DS", "5.0" },
        { new DicomIntegerString(DicomTag.SeriesNumber, -12), "IS", "-12" },
        { new DicomIntegerString(DicomTag.SeriesNumber, "7"), "IS", "7" },
        { new DicomIntegerString(DicomTag.SeriesNumber, Buffer("7 ")), "IS", "7" },
        { new DicomLongString(DicomTag.PatientID, "A B"), "LO", "A B" },
        { new DicomLongString(DicomTag.PatientID, Ascii, Buffer("AB ")), "LO", "AB" },
        { new DicomShortString(DicomTag.AccessionNumber, "42"), "SH", "42" },
        { new DicomShortString(DicomTag.AccessionNumber, Ascii, Buffer("42")), "SH", "42" },
        { new DicomLongText(DicomTag.AdditionalPatientHistory, "a\\b"), "LT", "a\\b" },
        { new DicomLongText(DicomTag.AdditionalPatientHistory, Ascii, Buffer("a\\b ")), "LT", "a\\b" },
        { new DicomShortText(DicomTag.InstitutionAddress, "x\r\ny"), "ST", "x\r\ny" },
        { new DicomShortText(DicomTag.InstitutionAddress, Ascii, Buffer("x")), "ST", "x" },
        { new DicomUnlimitedText(DicomTag.TextValue, "text"), "UT", "text" },
        { new DicomUnlimitedText(DicomTag.TextValue, Ascii, Buffer("text")), "UT", "text" },
        { new DicomUnlimitedCharacters(DicomTag.LongCodeValue, "a", "b"), "UC", "a\\b" },
        { new DicomUnlimitedCharacters(DicomTag.LongCodeValue, Ascii, Buffer("ab")), "UC", "ab" },
        { new DicomUniversalResource(DicomTag.RetrieveURL, "http://a/b"), "UR", "http://a/b" },
        { new DicomUniversalResource(DicomTag.RetrieveURL, Ascii, Buffer("http://a/b")), "UR", "http://a/b" },
        { new DicomUniqueIdentifier(DicomTag.StudyInstanceUID, "1.2.3"), "UI", "1.2.3" },
        { new DicomUniqueIdentifier(DicomTag.SOPClassUID, DicomUID.CTImageStorage), "UI", "1.2.840.10008.5.1.4.1.1.2" },
        { new DicomUniqueIdentifier(DicomTag.TransferSyntaxUID, DicomTransferSyntax.ImplicitVRLittleEndian), "UI", "1.2.840.10008.1.2" },
        { new DicomUniqueIdentifier(DicomTag.SOPClassUID, Buffer("1.2.3\0")), "UI", "1.2.3" },
        { new DicomPersonName(DicomTag.PatientName, ["Doe^Jane", "Roe^Richard"]), "PN", "Doe^Jane\\Roe^Richard" },
        { new DicomPersonName(DicomTag.PatientName, Ascii, Buffer("Doe^Jane")), "PN", "Doe^Jane" },
    };

    [Theory]
    [MemberData(nameof(Texts), DisableDiscoveryEnumeration = true)]
    public void Text_element_has_its_vr_and_text(DicomElement element, string vr, string text)
    {
        Assert.Equal(vr, element.ValueRepresentation.Code);
        Assert.Equal(text, element.Get<string>());
        Assert.Equal(element.ValueRepresentation.IsMultiValue ? text.Split('\\').Length : 1, element.Count);
    }

    public static TheoryData<DicomElement, string, int, object> Numbers() => new()
    {
        { new DicomUnsignedShort(DicomTag.Rows, 512), "US", 2, (ushort)512 },
        { new DicomUnsignedShort(DicomTag.Rows, new MemoryByteBuffer([0, 2])), "US", 2, (ushort)512 },
        { new DicomSignedShort(DicomTag.PixelPaddingValue, -2000), "SS", 2, (short)-2000 },
        { new DicomSignedShort(DicomTag.PixelPaddingValue, new MemoryByteBuffer([0x30, 0xF8])), "SS", 2, (short)-2000 },
        { new DicomUnsignedLong(DicomTag.DimensionIndexValues, 70000u), "UL", 4, 70000u },
        { new DicomUnsignedLong(DicomTag.DimensionIndexValues, new MemoryByteBuffer([1, 0, 0, 0])), "UL", 4, 1u },
        { new DicomSignedLong(DicomTag.Parse("0018,6020"), -5), "SL", 4, -5 },
        { new DicomSignedLong(DicomTag.Parse("0018,6020"), new MemoryByteBuffer([255, 255, 255, 255])), "SL", 4, -1 },
        { new DicomFloatingPointSingle(DicomTag.Parse("0018,605A"), 1.5f), "FL", 4, 1.5f },
        { new DicomFloatingPointSingle(DicomTag.Parse("0018,605A"), new MemoryByteBuffer([0, 0, 0x80, 0x3F])), "FL", 4, 1f },
        { new DicomFloatingPointDouble(DicomTag.FloatingPointValue, 0.1), "FD", 8, 0.1 },
        { new DicomFloatingPointDouble(DicomTag.FloatingPointValue, new MemoryByteBuffer(BitConverter.GetBytes(0.25))), "FD", 8, 0.25 },
        { new DicomSignedVeryLong(DicomTag.Parse("0072,0082"), long.MinValue), "SV", 8, long.MinValue },
        { new DicomSignedVeryLong(DicomTag.Parse("0072,0082"), new MemoryByteBuffer(BitConverter.GetBytes(7L))), "SV", 8, 7L },
        { new DicomUnsignedVeryLong(DicomTag.Parse("0072,0083"), ulong.MaxValue), "UV", 8, ulong.MaxValue },
        { new DicomUnsignedVeryLong(DicomTag.Parse("0072,0083"), new MemoryByteBuffer(BitConverter.GetBytes(7UL))), "UV", 8, 7UL },
        { new DicomOtherByte(DicomTag.PixelData, 1, 2), "OB", 2, (byte)1 },
        { new DicomOtherByte(DicomTag.PixelData, new MemoryByteBuffer([3, 4])), "OB", 2, (byte)3 },
        { new DicomOtherWord(DicomTag.PixelData, 258), "OW", 2, (ushort)258 },
        { new DicomOtherWord(DicomTag.PixelData, new MemoryByteBuffer([2, 1])), "OW", 2, (ushort)258 },
        { new DicomOtherLong(DicomTag.Parse("0066,0040"), 70000u), "OL", 4, 70000u },
        { new DicomOtherLong(DicomTag.Parse("0066,0040"), new MemoryByteBuffer([1, 0, 0, 0])), "OL", 4, 1u },
        { new DicomOtherFloat(DicomTag.FloatPixelData, 2.5f), "OF", 4, 2.5f },
        { new DicomOtherFloat(DicomTag.FloatPixelData, new MemoryByteBuffer([0, 0, 0x80, 0x3F])), "OF", 4, 1f },
        { new DicomOtherDouble(DicomTag.DoubleFloatPixelData, 2.5), "OD", 8, 2.5 },
        { new DicomOtherDouble(DicomTag.DoubleFloatPixelData, new MemoryByteBuffer(BitConverter.GetBytes(0.25))), "OD", 8, 0.25 },
        { new DicomOtherVeryLong(DicomTag.ExtendedOffsetTable, 8UL), "OV", 8, 8UL },
        { new DicomOtherVeryLong(DicomTag.ExtendedOffsetTable, new MemoryByteBuffer(BitConverter.GetBytes(9UL))), "OV", 8, 9UL },
        { new DicomUnknown(new DicomTag(0x0029, 0x1000), 5, 6), "UN", 2, (byte)5 },
        { new DicomUnknown(new DicomTag(0x0029, 0x1000), new MemoryByteBuffer([7, 8])), "UN", 2, (byte)7 },
    };

    [Theory]
    [MemberData(nameof(Numbers), DisableDiscoveryEnumeration = true)]
    public void Binary_element_is_little_endian(DicomElement element, string vr, int length, object first)
    {
        Assert.Equal(vr, element.ValueRepresentation.Code);
        Assert.Equal((uint)length, element.Length);
        Assert.Equal(length, element.Buffer.Data.Length);
        Assert.Equal(Convert.ToDecimal(first), element.Get<decimal>(0));
        Assert.True(element.Count >= 1);
    }

    [Fact]
    public void Attribute_tags_are_values()
    {
        var element = new DicomAttributeTag(DicomTag.DimensionIndexPointer, DicomTag.ImagePositionPatient, DicomTag.StackID);
        Assert.Equal([DicomTag.ImagePositionPatient, DicomTag.StackID], element.Values);
        Assert.Equal(2, element.Count);
        Assert.Equal([0x20, 0, 0x32, 0, 0x20, 0, 0x56, 0x90], element.Buffer.Data);
        var read = new DicomAttributeTag(DicomTag.DimensionIndexPointer, new MemoryByteBuffer([0x20, 0, 0x32, 0]));
        Assert.Equal(DicomTag.ImagePositionPatient, read.Get<DicomTag>(0));
        Assert.Equal("AT", read.ValueRepresentation.Code);
    }

    [Fact]
    public void Person_name_has_components()
    {
        var name = new DicomPersonName(DicomTag.PatientName, "Yamada^Tarou^M^Dr^Jr=山田^太郎=やまだ^たろう");
        Assert.Equal(("Yamada", "Tarou", "M", "Dr", "Jr"), (name.Last, name.First, name.Middle, name.Prefix, name.Suffix));
        var short_ = new DicomPersonName(DicomTag.PatientName, "Doe");
        Assert.Equal(("Doe", "", ""), (short_.Last, short_.First, short_.Suffix));
    }

    [Fact]
    public void Person_name_is_made_of_components()
    {
        Assert.Equal("Doe^Jane", new DicomPersonName(DicomTag.PatientName, "Doe", "Jane").Get<string>().TrimEnd('^'));
        Assert.Equal("Doe^Jane^M^Dr^III", new DicomPersonName(DicomTag.PatientName, "Doe", "Jane", "M", "Dr", "III").Get<string>());
    }

    [Fact]
    public void Decimal_string_has_at_most_16_characters()
    {
        Assert.Equal("0.5", DicomDecimalString.ToDecimalString(0.5m));
        Assert.InRange(DicomDecimalString.ToDecimalString(-1m / 3).Length, 1, 16);
        Assert.InRange(DicomDecimalString.ToDecimalString(123456789012345678m).Length, 1, 16);
        Assert.Equal(-1m / 3, decimal.Parse(DicomDecimalString.ToDecimalString(-1m / 3)), 10);
    }

    [Fact]
    public void Dates_and_times_are_made_of_datetimes()
    {
        var moment = new DateTime(2024, 2, 29, 13, 5, 9);
        Assert.StartsWith("130509", new DicomTime(DicomTag.StudyTime, moment).Get<string>());
        Assert.StartsWith("20240229130509", new DicomDateTime(DicomTag.AcquisitionDateTime, moment).Get<string>());
        Assert.Equal(moment, new DicomDateTime(DicomTag.AcquisitionDateTime, moment).Get<DateTime>(0));
    }

    [Fact]
    public void Empty_elements_have_no_values()
    {
        Assert.Equal(0, new DicomLongString(DicomTag.PatientID).Count);
        Assert.Equal(0, new DicomUnsignedShort(DicomTag.Rows).Count);
        Assert.Equal(0u, new DicomDecimalString(DicomTag.PixelSpacing, EmptyBuffer.Value).Length);
        Assert.Equal("", new DicomLongString(DicomTag.PatientID).Get<string>());
    }

    [Fact]
    public void Text_is_padded_with_a_space_and_a_uid_with_a_null()
    {
        Assert.Equal("CT1 "u8.ToArray(), new DicomCodeString(DicomTag.Modality, "CT1").Buffer.Data);
        Assert.Equal("1.2.3\0"u8.ToArray(), new DicomUniqueIdentifier(DicomTag.StudyInstanceUID, "1.2.3").Buffer.Data);
        Assert.Equal("AB"u8.ToArray(), new DicomLongString(DicomTag.PatientID, "AB").Buffer.Data);
    }

    [Fact]
    public void Items_are_ordered_by_tag_and_named_without_their_value()
    {
        var name = new DicomPersonName(DicomTag.PatientName, "Doe^Jane");
        var date = new DicomDate(DicomTag.StudyDate, "20240229");
        Assert.True(date.CompareTo(name) < 0);
        Assert.True(name.CompareTo((object)date) > 0);
        Assert.Contains("(0010,0010)", name.ToString());
        Assert.Equal(DicomTag.PatientName, name.Tag);
    }

    [Fact]
    public void Fragments_and_their_offsets_are_lists()
    {
        DicomFragmentSequence bytes = new DicomOtherByteFragment(DicomTag.PixelData);
        bytes.OffsetTable.Add(0);
        bytes.Fragments.Add(new MemoryByteBuffer([1, 2]));
        Assert.Equal([1, 2], Assert.Single(bytes).Data);
        Assert.Equal("OB", bytes.ValueRepresentation.Code);
        Assert.Equal("OW", new DicomOtherWordFragment(DicomTag.PixelData).ValueRepresentation.Code);
        Assert.Equal([0u], bytes.OffsetTable);
        using var walk = bytes.GetEnumerator();
        Assert.True(walk.MoveNext());
    }
}
