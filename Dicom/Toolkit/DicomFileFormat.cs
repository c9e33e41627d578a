namespace FellowOakDicom;

/// <summary>How the start of a file looks: what of PS3.10 7.1 it has, or which older standard its recognition code names.</summary>
public enum DicomFileFormat
{
    Unknown,
    DICOM3,
    DICOM3NoPreamble,
    DICOM3NoFileMetaInfo,
    ACRNEMA1,
    ACRNEMA2,
}
