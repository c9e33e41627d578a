using FellowOakDicom;

namespace HSENet.Dicom.Tests.Sending;

/// <summary>A small Basic Text SR, enough to be sent.</summary>
internal static class SampleReport
{
    public const string BasicTextSr = "1.2.840.10008.5.1.4.1.1.88.11";

    public static DicomFile Create(string sopInstanceUid = "1.2.3.4.1", string sopClassUid = BasicTextSr)
    {
        var heading = new DicomDataset();
        heading.AddOrUpdate(DicomTag.CodeValue, "18782-3");
        heading.AddOrUpdate(DicomTag.CodingSchemeDesignator, "LN");
        heading.AddOrUpdate(DicomTag.CodeMeaning, "Radiology Study observation");
        var item = new DicomDataset();
        item.AddOrUpdate(DicomTag.RelationshipType, "CONTAINS");
        item.AddOrUpdate(DicomTag.ValueType, "TEXT");
        item.AddOrUpdate(new DicomSequence(DicomTag.ConceptNameCodeSequence, heading));
        item.AddOrUpdate(DicomTag.TextValue, "Zwei kleine Rundherde im linken Oberlappen, größer als zuvor.");

        var data = new DicomDataset(DicomTransferSyntax.ExplicitVRLittleEndian);
        data.AddOrUpdate(DicomTag.SpecificCharacterSet, "ISO_IR 192");
        data.AddOrUpdate(DicomTag.SOPClassUID, sopClassUid);
        data.AddOrUpdate(DicomTag.SOPInstanceUID, sopInstanceUid);
        data.AddOrUpdate(DicomTag.StudyDate, "20260102");
        data.AddOrUpdate(DicomTag.Modality, "SR");
        data.AddOrUpdate(DicomTag.PatientName, "Test^Größe");
        data.AddOrUpdate(DicomTag.PatientID, "TEST-1");
        data.AddOrUpdate(DicomTag.StudyInstanceUID, "1.2.3.4");
        data.AddOrUpdate(DicomTag.SeriesInstanceUID, "1.2.3.4.5");
        data.AddOrUpdate(DicomTag.ValueType, "CONTAINER");
        data.AddOrUpdate(new DicomSequence(DicomTag.ContentSequence, item));
        return new DicomFile(data);
    }

    /// <summary>The data set's bytes as the file is written.</summary>
    public static byte[] DataSetBytes(DicomFile file)
    {
        using var stream = new MemoryStream();
        file.Save(stream);
        var header = Assert.IsType<HSENet.Dicom.Files.ScanResult.Sound>(HSENet.Dicom.Files.Part10Scan.Scan(stream)).Header;
        return stream.ToArray()[(int)header.DataSetOffset..];
    }
}
