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
    private const uint LossyImageCompression = 0x00282110;

    /// <summary>The text 00.</summary>
    private static readonly byte[] s_notLossy = [(byte)'T', 0, 0, 0, 2, (byte)'0', (byte)'0'];

    /// <param name="tag">Of the outermost data set, group in the upper half.</param>
    public static bool Matter(uint tag) => (tag >> 16) switch
    {
        0x0010 => true,                                                     // patient
        0x0018 => true,                                                     // acquisition
        0x0020 => tag is < 0x00201200 or > 0x002012FF,                      // relationship and geometry, not an archive's counts of what it has (PS3.4 C.3.4)
        0x0028 => tag is 0x00280002 or 0x00280004 or 0x00280006 or 0x00280008 or 0x00280010 or 0x00280011 or 0x00280030 or 0x00280034
            or 0x00280100 or 0x00280101 or 0x00280102 or 0x00280103 or 0x00280120 or 0x00280121 or 0x00281052 or 0x00281053 or 0x00281054
            or 0x00283000 or LossyImageCompression or 0x00282112 or 0x00282114, // what makes HU, geometry and loss; not how to show it
        0x5200 => true,                                                     // functional groups
        0x0012 => tag is 0x00120062 or 0x00120063 or 0x00120064,            // de-identification
        0x0032 => tag is 0x00321060 or 0x00321064 or 0x00321032,            // requested procedure
        0x0040 => tag is 0x00400275 or 0x00401001,                          // request
        0x0008 => tag is 0x00080008 or 0x00080016 or 0x00080018 or 0x00080020 or 0x00080021 or 0x00080022 or 0x00080030 or 0x00080031
            or 0x00080032 or 0x0008002A or 0x00080050 or 0x00080051 or 0x00080060 or 0x00080070 or 0x00080090 or 0x00080201 or 0x00081030
            or 0x00081032 or 0x0008103E or 0x00081090 or 0x00081110,
        _ => false,
    };

    /// <summary>Whether a value says what its absence says: images that had no lossy compression may say so (PS3.3 C.7.6.1.1.5).</summary>
    /// <param name="tag">Of the outermost data set.</param>
    /// <param name="attribute">In the form of <see cref="MeaningSink"/>.</param>
    public static bool IsAsAbsent(uint tag, ReadOnlySpan<byte> attribute) => tag == LossyImageCompression && attribute.EndsWith(s_notLossy);

    public static bool ArePatient(uint tag) => IsIdentity(tag) || tag is PatientName or PatientSex;

    public static bool IsIdentity(uint tag) => tag is PatientId or IssuerOfPatientId or PatientBirthDate;
}
