namespace HSENet.Dicom.Guarding;

/// <summary>A request that was answered with a failure before anybody but the toolkit had seen it.</summary>
/// <param name="Field">Command Field of the response (PS3.7 E.1).</param>
/// <param name="SopClassUid">As the response says; may be empty.</param>
/// <param name="Status">Of the response.</param>
public sealed record RefusedMessage(ushort Field, string SopClassUid, ushort Status)
{
    /// <summary>Code of an instance whose SOP class is not taken.</summary>
    public const string ClassCode = "instance.class";

    /// <summary>As the response says; empty when it is no UID.</summary>
    public string SopInstanceUid { get; init; } = "";

    /// <summary>The request was a C-STORE.</summary>
    public bool IsInstance => Field == 0x8001;

    /// <summary>Stable dotted code, by the kind of the status (PS3.7 annex C).</summary>
    public string Code => Status switch
    {
        0x0118 or 0x0122 => IsInstance ? ClassCode : "message.class",
        0x0112 or 0x0117 or 0x0120 or 0x0121 => IsInstance ? "instance.uid" : "message.uid",
        0x0113 or 0x0123 or 0x0211 => IsInstance ? "instance.operation" : "message.operation",
        0x0105 or 0x0106 or 0x0114 or 0x0115 => IsInstance ? "instance.argument" : "message.argument",
        0x0124 => IsInstance ? "instance.not-authorized" : "message.not-authorized",
        0x0213 or (>= 0xA700 and <= 0xA7FF) => IsInstance ? "instance.limit" : "message.limit",
        _ => IsInstance ? "instance.damaged" : "message.damaged",
    };
}
