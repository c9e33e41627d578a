using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

/// <summary>Older files lack the preamble; what lacks the file meta information as well is not opened.</summary>
public class FormatTests
{
    private static DicomFile Open(byte[] bytes) => DicomFile.Open(new MemoryStream(bytes));

    [Fact]
    public void Usual_file_is_of_dicom_3() => Assert.Equal(DicomFileFormat.DICOM3, Open(Written.Bytes(Written.Report())).Format);

    [Fact]
    public void File_without_preamble_is_read()
    {
        var file = Open(Written.Bytes(Written.Report().AddOrUpdate(DicomTag.PatientID, "1"))[132..]);
        Assert.Equal(DicomFileFormat.DICOM3NoPreamble, file.Format);
        Assert.Equal("1", file.Dataset.GetString(DicomTag.PatientID));
        Assert.Equal(DicomTransferSyntax.ExplicitVRLittleEndian, file.FileMetaInfo.TransferSyntax);
    }

    [Fact]
    public void A_data_set_without_meta_information_is_refused()
    {
        Assert.ThrowsAny<DicomException>(() => Open(new RawFile().Explicit(0x00080060, "CS", "CT").Explicit(0x00280010, "US", [0, 2]).Dataset));
        Assert.ThrowsAny<DicomException>(() => Open(new RawFile().ImplicitElement(0x00080060, "CT").ImplicitElement(0x00280010, [0, 2]).Dataset));
    }

    [Fact]
    public void Text_is_no_dicom_file() => Assert.ThrowsAny<DicomException>(() => Open("<html>not a DICOM file</html>"u8.ToArray()));
}
