namespace FellowOakDicom.Network;

/// <summary>Query/Retrieve Level (0008,0052) (PS3.4 C.6.1 and C.6.2), and the two cases without one.</summary>
public enum DicomQueryRetrieveLevel
{
    Patient,
    Study,
    Series,
    Image,

    [Obsolete("A worklist has no level (PS3.4 K): NotApplicable")]
    Worklist,

    NotApplicable,
}
