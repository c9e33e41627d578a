using System.Text;
using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

/// <summary>Text with code extensions as the examples of PS3.5 annexes H to K have it.</summary>
public class Iso2022Tests
{
    private const string JapaneseAscii = "Yamada^Tarou=\e$B;3ED\e(B^\e$BB@O:\e(B=\e$B$d$^$@\e(B^\e$B$?$m$&\e(B";
    private const string Korean = "Hong^Gildong=\e$)C\u00fb\u00f3^\e$)C\u00d1\u00ce\u00d4\u00d7=\e$)C\u00c8\u00ab^\e$)C\u00b1\u00e6\u00b5\u00bf";
    private const string Chinese = "Zhang^XiaoDong=\e$)A\u00d5\u00c5^\e$)A\u00d0\u00a1\u00b6\u00ab=";
    private const string JapaneseRomaji =
        "\u00d4\u00cf\u00c0\u00de^\u00c0\u00db\u00b3=\e$B;3ED\e(J^\e$BB@O:\e(J=\e$B$d$^$@\e(J^\e$B$?$m$&\e(J";

    private static readonly DicomTag OtherPatientIds = new(0x0010, 0x1000);

    private static RawFile With(string charset, uint tag, string vr, string bytes) => new RawFile()
        .Explicit(0x00080005, "CS", charset.Length % 2 == 0 ? charset : charset + " ")
        .Explicit(tag, vr, bytes.Length % 2 == 0 ? bytes : bytes + " ");

    [Theory]
    [InlineData("\\ISO 2022 IR 87", JapaneseAscii, "Yamada^Tarou=山田^太郎=やまだ^たろう")]
    [InlineData("ISO 2022 IR 13\\ISO 2022 IR 87", JapaneseRomaji, "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう")]
    [InlineData("\\ISO 2022 IR 149", Korean, "Hong^Gildong=洪^吉洞=홍^길동")]
    [InlineData("\\ISO 2022 IR 58", Chinese, "Zhang^XiaoDong=张^小东=")]
    [InlineData("ISO 2022 IR 100\\ISO 2022 IR 144", "\u00c4neas\e-L\u00b8\u00d2\u00d0\u00dd", "ÄneasИван")]
    [InlineData("\\ISO 2022 IR 87", "\e$B;3ED\e(B Taro", "山田 Taro")]
    public void Name_is_read(string charset, string bytes, string name) =>
        Assert.Equal(name, With(charset, 0x00100010, "PN", bytes).Read().GetString(DicomTag.PatientName));

    [Theory]
    [InlineData("\\ISO 2022 IR 87", "Yamada^Tarou=山田^太郎=やまだ^たろう")]
    [InlineData("ISO 2022 IR 13\\ISO 2022 IR 87", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう")]
    [InlineData("\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞=홍^길동")]
    [InlineData("\\ISO 2022 IR 58", "Zhang^XiaoDong=张^小东")]
    [InlineData("ISO 2022 IR 100\\ISO 2022 IR 144", "Äneas^Иван")]
    [InlineData("\\ISO 2022 IR 100\\ISO 2022 IR 87", "Müller^山田")]
    [InlineData("GB18030", "Wang^XiaoDong=王^小东")]
    [InlineData("GBK", "Wang^XiaoDong=王^小东")]
    [InlineData("ISO_IR 192", "Wang^XiaoDong=王^小東=김^Иван")]
    public void Name_comes_back_from_a_file_as_it_went_in(string charset, string name)
    {
        var report = Written.Report().AddOrUpdate(DicomTag.SpecificCharacterSet, charset.Split('\\')).AddOrUpdate(DicomTag.PatientName, name);
        Assert.Equal(name, Written.Again(report).GetString(DicomTag.PatientName));
    }

    [Theory]
    [InlineData("^")]
    [InlineData("=")]
    public void First_character_set_is_back_after_a_delimiter(string delimiter)
    {
        // Without a switch back: after the delimiter the byte is of the first set, which is Latin-1
        var name = With("ISO 2022 IR 100\\ISO 2022 IR 144", 0x00100010, "PN", $"\e-L\u00b8\u00d2{delimiter}\u00c4neas").Read().GetString(DicomTag.PatientName);
        Assert.Equal($"Ив{delimiter}Äneas", name);
    }

    [Fact]
    public void First_character_set_is_back_in_the_next_value()
    {
        var values = With("ISO 2022 IR 100\\ISO 2022 IR 144", 0x00101000, "LO", "\e-L\u00b8\u00d2\\\u00c4neas").Read().GetValues<string>(OtherPatientIds);
        Assert.Equal(["Ив", "Äneas"], values);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    [InlineData("\f")]
    public void First_character_set_is_back_in_the_next_line(string end)
    {
        var text = With("ISO 2022 IR 100\\ISO 2022 IR 144", 0x001021B0, "LT", $"\e-L\u00b8\u00d2{end}\u00c4neas").Read()
            .GetString(DicomTag.AdditionalPatientHistory);
        Assert.Equal($"Ив{end}Äneas", text);
    }

    [Fact]
    public void Bytes_of_a_character_are_no_delimiters()
    {
        // 表 is 49H 3DH and 構 39H 3DH in JIS X 0208: their second bytes look like the sign between component groups
        var name = With("\\ISO 2022 IR 87", 0x00100010, "PN", "\e$BI=9=\e(B^A").Read().GetString(DicomTag.PatientName);
        Assert.Equal("表構^A", name);
        Assert.Equal("表構", With("\\ISO 2022 IR 87", 0x00100020, "LO", "\e$BI=9=\e(B").Read().GetSingleValue<string>(DicomTag.PatientID));
    }

    [Fact]
    public void Backslash_byte_of_a_gb18030_character_separates_no_values()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var bytes = Encoding.GetEncoding("gb18030").GetBytes("乗\\塡");
        Assert.Equal([0x81, 0x5C, 0x5C, 0x89, 0x5C], bytes);
        var dataset = new RawFile().Explicit(0x00080005, "CS", "GB18030 ").Explicit(0x00101000, "LO", [.. bytes, 0x20]).Read();
        Assert.Equal(["乗", "塡"], dataset.GetValues<string>(OtherPatientIds));
    }
}
