using System.Text;
using FellowOakDicom;
using HSENet.Dicom.Files;
using HSENet.Dicom.Identity;
using HSENet.Dicom.Tests.Files;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Identity;

public class InstanceMeaningTests
{
    private static readonly CtSeriesBuilder s_series = new() { SliceCount = 1 };

    [Theory]
    [InlineData("data/chest-ct/mini-lidc-0314")]
    [InlineData("data/charsets")]
    [InlineData("data/sr")]
    public async Task Every_encoding_of_a_real_file_means_the_same(string folder)
    {
        using var temp = new TempFolder("meaning");
        foreach (var file in Native(SharedData.Path(folder)).Take(4))
        {
            var meaning = Read(file);
            Assert.NotNull(meaning);
            foreach (var options in (string[][])[["+ti", "-e"], ["+ti", "+e"], ["+te", "+g"], ["+te", "-g", "-e"], ["+tb"], ["+tb", "-e", "+g"], ["+td"], ["+te", "+p", "1024", "0"]])
            {
                var other = temp.Path("other.dcm");
                var result = await Dcmtk.RunAsync("dcmconv", [.. options, file, other]);
                result.Succeeded();
                Assert.True(meaning == Read(other), $"{Path.GetFileName(file)} {string.Join(' ', options)}: {Difference(meaning!, Read(other))}");
            }
        }
    }

    [Fact]
    public void Text_in_another_character_set_means_the_same()
    {
        var latin = Header(d => d.Text(0x00080005, "CS", "ISO_IR 100").Element(0x00100010, "PN", Encoding.Latin1.GetBytes("Müller^Jörg ")));
        var utf8 = Header(d => d.Text(0x00080005, "CS", "ISO_IR 192").Element(0x00100010, "PN", Encoding.UTF8.GetBytes("Müller^Jörg")));
        var other = Header(d => d.Text(0x00080005, "CS", "ISO_IR 101").Element(0x00100010, "PN", Encoding.Latin1.GetBytes("Mõller^Jörg ")));

        Assert.Equal(latin, utf8);
        Assert.NotEqual(latin, other);
    }

    [Theory]
    [InlineData(0x00100010u, "PN", "Doe^John", "Doe^John^^ ")]
    [InlineData(0x00100010u, "PN", "Doe^John", "Doe ^John==")]
    [InlineData(0x00100020u, "LO", "4711", " 4711 ")]
    [InlineData(0x00280030u, "DS", "0.50\\0.5", "0.5\\.500")]
    [InlineData(0x00200013u, "IS", "1", "01")]
    [InlineData(0x00104000u, "LT", " free text", " free text  ")]
    public void Padding_and_ways_of_writing_mean_nothing(uint tag, string vr, string value, string other) =>
        Assert.Equal(Header(d => d.Text(tag, vr, value)), Header(d => d.Text(tag, vr, other)));

    [Theory]
    [InlineData(0x00100010u, "PN", "Doe^John", "Doe^Jon")]
    [InlineData(0x00100010u, "PN", "Doe^John", "Doe^^John")]
    [InlineData(0x00280030u, "DS", "0.5\\0.5", "0.5\\0.6")]
    [InlineData(0x00104000u, "LT", " free text", "free text")]
    [InlineData(0x00100020u, "LO", "4711", "")]
    public void Other_values_are_another_header(uint tag, string vr, string value, string other)
    {
        var (one, two) = (Header(d => d.Text(tag, vr, value)), Header(d => d.Text(tag, vr, other)));

        Assert.False(one.Header.SequenceEqual(two.Header));
        Assert.True(one.Pixels.SequenceEqual(two.Pixels));
        Assert.False(one.Report.SequenceEqual(two.Report));
    }

    [Fact]
    public void Binary_zeros_are_values_and_no_padding() => Assert.NotEqual(
        Header(d => d.Element(0x00280010, "US", [0x20, 0])), Header(d => d.Element(0x00280010, "US", [0x20, 0x20])));

    [Theory]
    [InlineData("0008,0054", "ARCHIVE")]
    [InlineData("0020,1209", "24")]
    [InlineData("0028,2110", "00")]
    [InlineData("0028,0301", "NO")]
    [InlineData("0028,0303", "UNMODIFIED")]
    [InlineData("0028,1050", "-600")]
    [InlineData("0028,1051", "1500")]
    [InlineData("0028,1055", "LUNG")]
    public void What_an_archive_adds_changes_the_header_and_not_what_is_reported(string tag, string value)
    {
        var (plain, added) = (Built(null), Built(d => d.AddOrUpdate(DicomTag.Parse(tag), value)));

        Assert.False(plain.Header.SequenceEqual(added.Header));
        Assert.True(plain.Report.SequenceEqual(added.Report));
        Assert.True(plain.Patient.SequenceEqual(added.Patient));
        Assert.True(plain.Pixels.SequenceEqual(added.Pixels));
    }

    [Theory]
    [InlineData("0028,2110", "01")]
    [InlineData("0028,2112", "12")]
    [InlineData("0028,0030", "0.7\\0.7")]
    [InlineData("0028,1052", "-1000")]
    [InlineData("0028,1053", "2")]
    [InlineData("0028,0034", "1\\2")]
    public void What_HU_geometry_or_the_line_on_loss_depend_on_changes_what_is_reported(string tag, string value) =>
        Assert.False(Built(null).Report.SequenceEqual(Built(d => d.AddOrUpdate(DicomTag.Parse(tag), value.Split('\\'))).Report));

    [Fact]
    public void A_corrected_name_is_another_patient_with_the_same_identity()
    {
        var (plain, name, id) = (Built(null), Built(d => d.AddOrUpdate(DicomTag.PatientName, "Right^Name")), Built(d => d.AddOrUpdate(DicomTag.PatientID, "RIGHT")));

        Assert.False(plain.Patient.SequenceEqual(name.Patient));
        Assert.True(plain.Identity.SequenceEqual(name.Identity));
        Assert.False(plain.Identity.SequenceEqual(id.Identity));
        Assert.False(plain.Report.SequenceEqual(name.Report));
    }

    [Fact]
    public void One_bit_of_a_pixel_is_another_picture()
    {
        var (one, two) = (Built(null), Meaning(s_series with { EditPixels = (_, p) => [(byte)(p[0] ^ 1), .. p[1..]] }));

        Assert.False(one.Pixels.SequenceEqual(two.Pixels));
        Assert.True(one.Header.SequenceEqual(two.Header));
    }

    [Fact]
    public void A_private_sequence_means_the_same_with_and_without_VR()
    {
        var item = new DataSetBytes(false).Text(0x00091001, "LO", "in it").ToArray();
        var implicitly = new DataSetBytes(false).Identity().Text(0x00290010, "LO", "MAKER").Header(0x00291001, "SQ", (uint)item.Length + 8)
            .Item((uint)item.Length).Raw(item).ToFile();
        var inner = new DataSetBytes().Text(0x00091001, "LO", "in it").ToArray();
        var explicitly = new DataSetBytes().Identity().Text(0x00290010, "LO", "MAKER").Header(0x00291001, "SQ", DataSetBytes.Undefined)
            .Item(DataSetBytes.Undefined).Raw(inner).ItemEnd().SequenceEnd().ToFile();
        var unknown = new DataSetBytes().Identity().Text(0x00290010, "LO", "MAKER").Header(0x00291001, "UN", (uint)item.Length + 8)
            .Item((uint)item.Length).Raw(item).ToFile();

        Assert.Equal(Of(implicitly), Of(explicitly));
        Assert.Equal(Of(implicitly), Of(unknown));
    }

    [Fact]
    public void A_private_value_that_only_begins_as_a_sequence_is_its_bytes()
    {
        byte[] value = [0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0, 0, 0, 1, 2];
        var file = new DataSetBytes(false).Identity().Text(0x00290010, "LO", "MAKER").Element(0x00291001, "OB", value).ToFile();
        var other = new DataSetBytes(false).Identity().Text(0x00290010, "LO", "MAKER").Element(0x00291001, "OB", [.. value[..9], 3]).ToFile();

        Assert.NotNull(Of(file));
        Assert.NotEqual(Of(file), Of(other));
    }

    [Fact]
    public void What_can_be_read_in_two_ways_has_no_meaning()
    {
        var file = new DataSetBytes().Identity().Header(0x00081140, "SQ", DataSetBytes.Undefined).Item(DataSetBytes.Undefined).Text(0x00081150, "UI", "1.2").ToArray();
        var missingDelimiters = new DataSetBytes().Raw(file).Element(0x7FE00010, "OW", [1, 2]).ToFile();

        Assert.True(Part10Scan.Scan(new MemoryStream(missingDelimiters)) is not ScanResult.Sound || Of(missingDelimiters) is null);
    }

    [Fact]
    public void It_comes_back_from_its_bytes_as_it_was() => Assert.Equal(Built(null), InstanceMeaning.FromBytes(Built(null).ToBytes()));

    private static InstanceMeaning Built(Action<DicomDataset>? edit) => Meaning(s_series with { Edit = (_, d) => edit?.Invoke(d) });

    private static InstanceMeaning Meaning(CtSeriesBuilder series)
    {
        using var stream = new MemoryStream();
        new DicomFile(series.DataSet(0)).Save(stream);
        return Of(stream.ToArray())!;
    }

    private static InstanceMeaning Header(Action<DataSetBytes> add)
    {
        var bytes = new DataSetBytes();
        add(bytes);
        return Of(bytes.Identity().ToFile())!;
    }

    private static InstanceMeaning? Of(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return Of(stream);
    }

    private static InstanceMeaning? Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Of(stream);
    }

    private static InstanceMeaning? Of(Stream stream) =>
        Part10Scan.Scan(stream) is ScanResult.Sound { Header: var header } ? InstanceMeaning.Of(stream, header) : null;

    private static IEnumerable<string> Native(string folder) => Directory.EnumerateFiles(folder, "*.dcm", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Where(f => Part10Scan.Scan(f) is ScanResult.Sound { Header.TransferSyntaxUid: "1.2.840.10008.1.2" or "1.2.840.10008.1.2.1" or "1.2.840.10008.1.2.2" });

    private static string Difference(InstanceMeaning one, InstanceMeaning? two) =>
        two is null ? "no meaning" : !one.Pixels.SequenceEqual(two.Pixels) ? "pixels" : !one.Header.SequenceEqual(two.Header) ? "header" : "parts";
}
