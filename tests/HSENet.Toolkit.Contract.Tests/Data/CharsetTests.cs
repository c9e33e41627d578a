using System.Text;
using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

public class CharsetTests
{
    private static byte[] Bytes(string encoding, string text)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var bytes = Encoding.GetEncoding(encoding).GetBytes(text);
        return bytes.Length % 2 == 0 ? bytes : [.. bytes, 0x20];
    }

    private static RawFile Named(string charset, byte[] name) =>
        new RawFile().Explicit(0x00080005, "CS", charset.Length % 2 == 0 ? charset : charset + " ").Explicit(0x00100010, "PN", name);

    [Theory]
    [InlineData("ISO_IR 100", "iso-8859-1", "Äneas^Rüdiger")]
    [InlineData("ISO_IR 101", "iso-8859-2", "Wałęsa^Łukasz")]
    [InlineData("ISO_IR 109", "iso-8859-3", "Ġorġ^Ħ")]
    [InlineData("ISO_IR 110", "iso-8859-4", "Bērziņš")]
    [InlineData("ISO_IR 144", "iso-8859-5", "Люкceмбypг")]
    [InlineData("ISO_IR 127", "iso-8859-6", "قباني^لنزار")]
    [InlineData("ISO_IR 126", "iso-8859-7", "Διονυσιος")]
    [InlineData("ISO_IR 138", "iso-8859-8", "שרון^דבורה")]
    [InlineData("ISO_IR 148", "iso-8859-9", "Çavuşoğlu")]
    [InlineData("ISO_IR 166", "windows-874", "สมชาย")]
    [InlineData("ISO_IR 13", "shift_jis", "ﾔﾏﾀﾞ^ﾀﾛｳ")]
    [InlineData("ISO_IR 192", "utf-8", "Wang^XiaoDong=王^小東")]
    [InlineData("GB18030", "gb18030", "Wang^XiaoDong=王^小东")]
    [InlineData("GBK", "gb2312", "王^小东")]
    public void Text_is_decoded_with_the_declared_character_set(string charset, string encoding, string name) =>
        Assert.Equal(name, Named(charset, Bytes(encoding, name)).Read().GetString(DicomTag.PatientName));

    [Theory]
    [InlineData("ISO-IR 100", "iso-8859-1")]
    [InlineData("ISO IR 100", "iso-8859-1")]
    [InlineData("iso_ir 100", "iso-8859-1")]
    [InlineData("ISO IR 192", "utf-8")]
    [InlineData("ISO-IR 192", "utf-8")]
    [InlineData("ISO 2022 IR 100", "iso-8859-1")]
    [InlineData("\\ISO 2022 IR 100", "iso-8859-1")]
    public void Misspelt_character_set_is_understood(string charset, string encoding) =>
        Assert.Equal("Müller", Named(charset, Bytes(encoding, "Müller")).Read().GetString(DicomTag.PatientName));

    [Theory]
    [InlineData("")]
    [InlineData("NO SUCH")]
    [InlineData("ISO_IR 6")]
    public void Ascii_is_read_whatever_the_character_set_says(string charset) =>
        Assert.Equal("Doe^Jane", Named(charset, "Doe^Jane"u8.ToArray()).Read().GetString(DicomTag.PatientName));

    [Fact]
    public void Fallback_encoding_reads_text_without_a_declared_character_set()
    {
        var bytes = new RawFile().Explicit(0x00100010, "PN", Bytes("iso-8859-5", "Иван")).File;
        var file = DicomFile.Open(new MemoryStream(bytes), Encoding.GetEncoding("iso-8859-5"));
        Assert.Equal("Иван", file.Dataset.GetString(DicomTag.PatientName));
    }

    [Fact]
    public void Items_inherit_the_character_set_unless_they_have_their_own()
    {
        var dataset = new RawFile()
            .Explicit(0x00080005, "CS", "ISO_IR 192")
            .Sequence(0x00081140)
            .Item().Explicit(0x0008103E, "LO", Bytes("utf-8", "Kopf/Übersicht")).EndItem()
            .Item().Explicit(0x00080005, "CS", "ISO_IR 100").Explicit(0x0008103E, "LO", Bytes("iso-8859-1", "Übersicht")).EndItem()
            .Item().Explicit(0x0008103E, "LO", Bytes("utf-8", "Ende: ü")).EndItem()
            .EndSequence()
            .Explicit(0x00100010, "PN", Bytes("utf-8", "Müller"))
            .Read();
        var items = dataset.GetSequence(DicomTag.ReferencedImageSequence).Items;
        Assert.Equal(["Kopf/Übersicht", "Übersicht", "Ende: ü"], items.Select(item => item.GetString(DicomTag.SeriesDescription)));
        Assert.Equal("Müller", dataset.GetString(DicomTag.PatientName));
    }

    [Fact]
    public void Text_is_written_in_the_declared_character_set()
    {
        var latin = Written.Bytes(Written.Report().AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 100").AddOrUpdate(DicomTag.PatientName, "Müller"));
        Assert.True(Written.Find(latin, [(byte)'M', 0xFC, (byte)'l']) > 0);
        var utf8 = Written.Bytes(Written.Report().AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192").AddOrUpdate(DicomTag.PatientName, "Müller"));
        Assert.True(Written.Find(utf8, [(byte)'M', 0xC3, 0xBC, (byte)'l']) > 0);
    }

    [Fact]
    public void Nested_text_is_written_in_the_character_set_around_it()
    {
        var dataset = Written.Report()
            .AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192")
            .AddOrUpdate(new DicomSequence(DicomTag.ContentSequence, new DicomDataset().Add(DicomTag.TextValue, "Größe 5 µm")));
        Assert.Equal("Größe 5 µm", Written.Again(dataset).GetSequence(DicomTag.ContentSequence).Items[0].GetString(DicomTag.TextValue));
    }

    [Fact]
    public void Text_that_moves_to_another_character_set_is_encoded_anew()
    {
        var latin = Named("ISO_IR 100", Bytes("iso-8859-1", "Müller")).Read();
        var report = Written.Report().AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        latin.CopyTo(report, DicomTag.PatientName);
        Assert.Equal("Müller", Written.Again(report).GetString(DicomTag.PatientName));
    }

    [Theory]
    [InlineData("ISO_IR 100", "iso-8859-1")]
    [InlineData("ISO_IR 192", "utf-8")]
    [InlineData("GB18030", "GB18030")]
    public void Encodings_are_found_by_term(string term, string name)
    {
        Assert.Equal(name, DicomEncoding.GetEncoding(term).WebName, ignoreCase: true);
        Assert.Equal(name, DicomEncoding.GetEncodings([term])[0].WebName, ignoreCase: true);
    }

    [Fact]
    public void Default_encoding_is_ascii()
    {
        Assert.Equal(Encoding.ASCII.CodePage, DicomEncoding.Default.CodePage);
        Assert.Equal(DicomEncoding.Default.CodePage, DicomEncoding.DefaultArray.Single().CodePage);
    }
}
