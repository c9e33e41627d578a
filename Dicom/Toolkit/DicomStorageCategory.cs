namespace FellowOakDicom;

/// <summary>What kind of object a storage SOP class holds.</summary>
public enum DicomStorageCategory
{
    None,
    Image,
    PresentationState,
    StructuredReport,
    Waveform,
    Document,
    Raw,
    Other,
    Private,
    Volume,
}
