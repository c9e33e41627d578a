using FellowOakDicom;

namespace HSENet.Dicom.Files;

/// <summary>Who we are on the wire and in file meta information (PS3.7 D.3.3.2, PS3.10 7.1).</summary>
internal static class ImplementationIdentity
{
    public const string ClassUid = "2.25.268256366023247790283098873313573406686";

    /// <summary>At most 16 characters.</summary>
    public const string VersionName = "HSENET_0.1";

    /// <summary>Tells the toolkit. Harmless when repeated.</summary>
    public static void Announce()
    {
        DicomImplementation.ClassUID = DicomUID.Parse(ClassUid);
        DicomImplementation.Version = VersionName;
    }
}
