using FellowOakDicom;

namespace HSENet.Toolkit.Tests.RealFiles;

public class RealFileTests
{
    [Theory]
    [InlineData("data/sr")]
    [InlineData("data/charsets")]
    [InlineData("data/chest-ct")]
    [InlineData("data/single-slices")]
    [InlineData("data/enhanced-multiframe")]
    [InlineData("data/localizers")]
    [InlineData("data/gantry-tilt")]
    public void Every_good_file_is_read_and_read_again_as_it_was(string folder)
    {
        foreach (var path in Shared.Files(folder, "*.dcm"))
        {
            var file = DicomFile.Open(path);
            Items.TouchAll(file.Dataset);
            using var stream = new MemoryStream();
            file.Save(stream);
            stream.Position = 0;
            Assert.Equal(Items.Described(file.Dataset), Items.Described(DicomFile.Open(stream).Dataset));
        }
    }

    // As pydicom 2.3.1 and dcmdump read them; pydicom leaves out the empty third group that the last two really end with
    [Theory]
    [InlineData("chrArab.dcm", "قباني^لنزار")]
    [InlineData("chrFren.dcm", "Buc^Jérôme")]
    [InlineData("chrGerm.dcm", "Äneas^Rüdiger")]
    [InlineData("chrGreek.dcm", "Διονυσιος")]
    [InlineData("chrH31.dcm", "Yamada^Tarou=山田^太郎=やまだ^たろう")]
    [InlineData("chrH32.dcm", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう")]
    [InlineData("chrHbrw.dcm", "שרון^דבורה")]
    [InlineData("chrI2.dcm", "Hong^Gildong=洪^吉洞=홍^길동")]
    [InlineData("chrJapMulti.dcm", "やまだ^たろう")]
    [InlineData("chrJapMultiExplicitIR6.dcm", "やまだ^たろう")]
    [InlineData("chrKoreanMulti.dcm", "김희중")]
    [InlineData("chrRuss.dcm", "Люкceмбypг")]
    [InlineData("chrX1.dcm", "Wang^XiaoDong=王^小東=")]
    [InlineData("chrX2.dcm", "Wang^XiaoDong=王^小东=")]
    public void Names_of_many_character_sets_are_read(string file, string name) =>
        Assert.Equal(name, DicomFile.Open(Shared.Folder("data/charsets/" + file)).Dataset.GetString(DicomTag.PatientName));
}
