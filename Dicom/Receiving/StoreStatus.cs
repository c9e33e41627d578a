using FellowOakDicom.Network;

namespace HSENet.Dicom.Receiving;

/// <summary>Status codes of C-STORE that we answer ourselves (PS3.4 B.2.3, PS3.7 annex C), and how a reply becomes the toolkit's status.</summary>
internal static class StoreStatus
{
    public const ushort ProcessingFailure = 0x0110;
    public const ushort InvalidInstance = 0x0117;
    public const ushort OutOfResources = 0xA700;
    public const ushort CannotUnderstand = 0xC000;

    private const int MaximumComment = 64;

    /// <summary>A full disk is the sender's to try again; anything else is our failure.</summary>
    public static StoreReply Of(Exception exception) =>
        exception is IOException { HResult: var code } && code is 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027)
            ? new StoreReply(OutOfResources, "no space left to store the instance") // ENOSPC, EDQUOT and their Windows twins
            : new StoreReply(ProcessingFailure, "the instance could not be stored");

    public static DicomStatus ToToolkit(StoreReply reply)
    {
        if (reply.Status == 0)
            return DicomStatus.Success;
        var state = reply.Status >> 12 == 0xB || reply.Status == 1 ? DicomState.Warning : DicomState.Failure;
        var code = reply.Status.ToString("X4");
        return string.IsNullOrEmpty(reply.Comment)
            ? new DicomStatus(code, state, "C-STORE")
            : new DicomStatus(code, state, "C-STORE", Comment(reply.Comment));
    }

    /// <summary>VR LO, one value: at most 64 characters, no backslash, no control characters (PS3.5 6.2).</summary>
    internal static string Comment(string comment) =>
        new(comment.Take(MaximumComment).Select(c => c is >= ' ' and <= '~' and not '\\' ? c : ' ').ToArray());
}
