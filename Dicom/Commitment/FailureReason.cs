namespace HSENet.Dicom.Commitment;

/// <summary>Failure Reason (0008,1197) of PS3.3 C.14.1.1, as far as we say it ourselves.</summary>
public static class FailureReason
{
    /// <summary>What we have is not what we were given.</summary>
    public const ushort ProcessingFailure = 0x0110;

    public const ushort NoSuchInstance = 0x0112;

    /// <summary>The instance has another SOP class.</summary>
    public const ushort ClassInstanceConflict = 0x0119;

    /// <summary>It cannot be looked at now.</summary>
    public const ushort ResourceLimitation = 0x0213;
}
