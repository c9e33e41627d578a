namespace HSENet.Dicom.Guarding;

/// <summary>A request that was answered with a failure before anybody but the toolkit had seen it.</summary>
/// <param name="Field">Command Field of the response (PS3.7 E.1).</param>
/// <param name="SopClassUid">As the response says; may be empty.</param>
/// <param name="Status">Of the response.</param>
public sealed record RefusedMessage(ushort Field, string SopClassUid, ushort Status)
{
    /// <summary>The request was a C-STORE.</summary>
    public bool IsInstance => Field == 0x8001;

    /// <summary>Stable dotted code (PS3.7 annex C).</summary>
    public string Code => Status switch
    {
        0x0118 or 0x0122 => "message.class",
        0x0112 or 0x0117 or 0x0120 or 0x0121 => "message.uid",
        0x0113 or 0x0123 or 0x0211 => "message.operation",
        0x0105 or 0x0106 or 0x0114 or 0x0115 => "message.argument",
        0x0124 => "message.not-authorized",
        0x0213 => "message.limit",
        _ when Status >> 8 == 0xA7 => "message.limit",
        _ => "message.damaged",
    };
}
