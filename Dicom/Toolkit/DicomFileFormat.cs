namespace FellowOakDicom;

/// <summary>How the start of a file looks. This toolkit reads <see cref="DICOM3"/> only.</summary>
public enum DicomFileFormat
{
    Unknown,
    DICOM3,
    DICOM3NoPreamble,
    DICOM3NoFileMetaInfo,
    ACRNEMA1,
    ACRNEMA2,
}
