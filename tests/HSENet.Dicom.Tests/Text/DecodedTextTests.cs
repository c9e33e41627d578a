using System.Text;
using FellowOakDicom;
using HSENet.Dicom.Tests.Guarding;
using HSENet.Dicom.Text;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Text;

/// <summary>Names come from the bytes and our own tables, whatever a toolkit made of them.</summary>
[Trait(SharedProtection.Trait, SharedProtection.Shared)]
public sealed class DecodedTextTests
{
    [Theory]
    [InlineData("ISO_IR 100", "M\u00FCller^J\u00F6rg", "iso-8859-1")]
    [InlineData("ISO-IR 100", "M\u00FCller^J\u00F6rg", "iso-8859-1")] // misspelt, as some archives write it
    [InlineData("ISO_IR 192", "\u5C71\u7530^\u592A\u90CE", "utf-8")]
    [InlineData("ISO_IR 101", "\u0141uk\u00E1\u0161", "iso-8859-2")]
    [InlineData("GB18030", "\u738B^\u5C0F\u4E1C", "GB18030")]
    [InlineData("ISO_IR 144", "\u041B\u044E\u043A\u0441", "iso-8859-5")]
    public void The_bytes_count_and_not_what_the_toolkit_read(string term, string name, string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var dataSet = Opened(Encoding.GetEncoding(encoding).GetBytes(name), null);
        dataSet.GetString(DicomTag.PatientName); // read without a declaration, a guess
        dataSet.AddOrUpdate(DicomTag.SpecificCharacterSet, term);

        DecodedText.Apply(dataSet);

        Assert.Equal(name, dataSet.GetString(DicomTag.PatientName));
    }

    /// <summary>PS3.5 H.3.1: the first character set is active again after each delimiter of a name.</summary>
    [Fact]
    public void The_first_character_set_is_active_again_after_a_delimiter()
    {
        byte[] bytes = [.. "Yamada^Tarou="u8, 0x1B, .. "$B;3ED"u8, 0x1B, .. "(B^"u8, 0x1B, .. "$BB@O:"u8, 0x1B, .. "(B"u8];
        var dataSet = Opened(bytes, "\\ISO 2022 IR 87");

        DecodedText.Apply(dataSet);

        Assert.Equal("Yamada^Tarou=\u5C71\u7530^\u592A\u90CE", dataSet.GetString(DicomTag.PatientName));
    }

    [Fact]
    public void Items_of_sequences_have_the_character_set_around_them_or_their_own()
    {
        var outer = Opened(Encoding.Latin1.GetBytes("\u00E9"), "ISO_IR 100");
        var (inherited, own) = (Opened(Encoding.Latin1.GetBytes("\u00FC"), null), Opened("\u00FC"u8.ToArray(), "ISO_IR 192"));
        outer.AddOrUpdate(new DicomSequence(DicomTag.RequestAttributesSequence, inherited, own));

        DecodedText.Apply(outer);

        Assert.Equal(["\u00FC", "\u00FC"], outer.GetSequence(DicomTag.RequestAttributesSequence).Items.Select(item => item.GetString(DicomTag.PatientName)));
    }

    [Fact]
    public void Text_in_ISO_646_and_values_that_are_no_text_stay_what_they_are()
    {
        var dataSet = Opened("Doe^Jane"u8.ToArray(), "ISO_IR 192");
        var before = dataSet.GetDicomItem<DicomItem>(DicomTag.PatientName);
        dataSet.AddOrUpdate(DicomTag.Rows, (ushort)0x8080);

        DecodedText.Apply(dataSet);

        Assert.Same(before, dataSet.GetDicomItem<DicomItem>(DicomTag.PatientName));
        Assert.Equal(0x8080, dataSet.GetSingleValue<ushort>(DicomTag.Rows));
    }

    /// <summary>A data set with the bytes of a name as a file has them.</summary>
    private static DicomDataset Opened(byte[] name, string? charset)
    {
        var dataSet = new CtSeriesBuilder().DataSet(0).NotValidated();
        dataSet.Remove(DicomTag.SpecificCharacterSet);
        if (charset is not null)
            dataSet.AddOrUpdate(DicomVR.CS, DicomTag.SpecificCharacterSet, charset.Split('\\'));
        dataSet.AddOrUpdate(DicomTag.PatientName, new string('x', name.Length));
        using var stream = new MemoryStream();
        new DicomFile(dataSet).Save(stream);
        var bytes = stream.ToArray();
        var at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(new string('x', name.Length)));
        name.CopyTo(bytes, at);
        return DicomFile.Open(new MemoryStream(bytes)).Dataset;
    }
}
