namespace HSENet.Dicom.Identity;

/// <summary>
/// Attributes that a report depends on: what it copies of patient, study and request, and what reading, judging and routing a series look at. Another value makes
/// another report.
/// </summary>
internal static class ReportAttributes
{
    private const uint PatientName = 0x00100010;
    private const uint PatientId = 0x00100020;
    private const uint IssuerOfPatientId = 0x00100021;
    private const uint PatientBirthDate = 0x00100030;
    private const uint PatientSex = 0x00100040;

    /// <param name="tag">Of the outermost data set, group in the upper half.</param>
    public static bool Matter(uint tag) => (tag >> 16) switch
    {
        0x0010 => true,                                                     // patient
        0x0018 => true,                                                     // acquisition
        0x0020 => tag is < 0x00201200 or > 0x002012FF,                      // relationship and geometry, not an archive's counts of what it has (PS3.4 C.3.4)
        0x0028 => true,                                                     // pixel description
        0x5200 => true,                                                     // functional groups
        0x0012 => tag is 0x00120062 or 0x00120063 or 0x00120064,            // de-identification
        0x0032 => tag is 0x00321060 or 0x00321064 or 0x00321032,            // requested procedure
        0x0040 => tag is 0x00400275 or 0x00401001,                          // request
        0x0008 => tag is 0x00080008 or 0x00080016 or 0x00080018 or 0x00080020 or 0x00080021 or 0x00080022 or 0x00080030 or 0x00080031
            or 0x00080032 or 0x0008002A or 0x00080050 or 0x00080051 or 0x00080060 or 0x00080070 or 0x00080090 or 0x00080201 or 0x00081030
            or 0x00081032 or 0x0008103E or 0x00081090 or 0x00081110,
        _ => false,
    };

    public static bool ArePatient(uint tag) => IsIdentity(tag) || tag is PatientName or PatientSex;

    public static bool IsIdentity(uint tag) => tag is PatientId or IssuerOfPatientId or PatientBirthDate;
}
