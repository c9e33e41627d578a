using FellowOakDicom;

namespace HSENet.Toolkit.Contract.Tests.Data;

/// <summary>Older files lack the preamble, or the file meta information as well.</summary>
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
    public void Explicit_data_set_without_meta_information_is_read()
    {
        var file = Open(new RawFile().Explicit(0x00080060, "CS", "CT").Explicit(0x00280010, "US", [0, 2]).Dataset);
        Assert.Equal(DicomFileFormat.DICOM3NoFileMetaInfo, file.Format);
        Assert.Equal(("CT", 512), (file.Dataset.GetString(DicomTag.Modality), file.Dataset.GetSingleValue<int>(DicomTag.Rows)));
        Assert.Equal(DicomTransferSyntax.ExplicitVRLittleEndian, file.Dataset.InternalTransferSyntax);
    }

    [Fact]
    public void Implicit_data_set_without_meta_information_is_read()
    {
        var file = Open(new RawFile().ImplicitElement(0x00080060, "CT").ImplicitElement(0x00280010, [0, 2]).Dataset);
        Assert.Equal(DicomFileFormat.DICOM3NoFileMetaInfo, file.Format);
        Assert.Equal(("CT", 512), (file.Dataset.GetString(DicomTag.Modality), file.Dataset.GetSingleValue<int>(DicomTag.Rows)));
        Assert.Equal(DicomTransferSyntax.ImplicitVRLittleEndian, file.Dataset.InternalTransferSyntax);
    }

    [Fact]
    public void Big_endian_data_set_without_meta_information_is_read()
    {
        byte[] bytes = [0x00, 0x08, 0x00, 0x60, (byte)'C', (byte)'S', 0, 2, (byte)'C', (byte)'T', 0x00, 0x28, 0x00, 0x10, (byte)'U', (byte)'S', 0, 2, 2, 0];
        var dataset = Open(bytes).Dataset;
        Assert.Equal(("CT", 512), (dataset.GetString(DicomTag.Modality), dataset.GetSingleValue<int>(DicomTag.Rows)));
        Assert.Equal(DicomTransferSyntax.ExplicitVRBigEndian, dataset.InternalTransferSyntax);
    }

    [Fact]
    public void Text_is_no_dicom_file() => Assert.ThrowsAny<DicomException>(() => Open("<html>not a DICOM file</html>"u8.ToArray()));
}
