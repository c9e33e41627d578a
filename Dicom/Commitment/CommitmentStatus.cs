using FellowOakDicom.Network;
using HSENet.Dicom.Receiving;

namespace HSENet.Dicom.Commitment;

/// <summary>Statuses of PS3.7 C that we answer, and how a reply becomes the toolkit's.</summary>
internal static class CommitmentStatus
{
    public const ushort ProcessingFailure = 0x0110;
    public const ushort NoSuchInstance = 0x0112;
    public const ushort NoSuchEventType = 0x0113;
    public const ushort InvalidArgument = 0x0115;
    public const ushort NoSuchClass = 0x0118;
    public const ushort NoSuchActionType = 0x0123;
    public const ushort ResourceLimitation = 0x0213;

    public static DicomStatus ToToolkit(CommitmentReply reply)
    {
        if (reply.Status == 0)
            return DicomStatus.Success;
        var code = reply.Status.ToString("X4");
        return string.IsNullOrEmpty(reply.Comment)
            ? new DicomStatus(code, DicomState.Failure, "Storage commitment")
            : new DicomStatus(code, DicomState.Failure, "Storage commitment", StoreStatus.Comment(reply.Comment));
    }
}
