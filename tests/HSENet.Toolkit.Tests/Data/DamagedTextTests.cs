using System.Text;
using FellowOakDicom;
using HSENet.Toolkit.Contract.Tests.Data;

namespace HSENet.Toolkit.Tests.Data;

/// <summary>Text that its character set does not fit.</summary>
public class DamagedTextTests
{
    private static RawFile Named(string charset, byte[] name) =>
        new RawFile().Explicit(0x00080005, "CS", charset.Length % 2 == 0 ? charset : charset + " ").Explicit(0x00100010, "PN", name);

    [Theory]
    [InlineData("ISO_IR 192")]
    [InlineData("ISO_IR 6")]
    [InlineData("ISO 2022 IR 87")]
    [InlineData("ISO 2022 IR 149")]
    [InlineData("")]
    [InlineData("NO SUCH")]
    public void Damaged_text_is_read_without_an_exception(string charset)
    {
        var name = Named(charset, [0xC3, 0x28, 0x1B, 0x24, 0x42, 0xFF]).Read().GetString(DicomTag.PatientName);
        Assert.NotEmpty(name);
    }

    [Fact]
    public void Damaged_text_keeps_its_bytes_in_a_new_file()
    {
        byte[] damaged = [0xC3, 0x28, 0x41, 0xFF];
        var file = Named("ISO_IR 192", damaged).Explicit(0x0020000D, "UI", "1.2\0").Open();
        file.Dataset.AddOrUpdate(DicomTag.SOPClassUID, DicomUID.CTImageStorage).AddOrUpdate(DicomTag.SOPInstanceUID, "1.2");
        Assert.True(Written.Find(Written.Bytes(file.Dataset), damaged) > 0);
    }
}
