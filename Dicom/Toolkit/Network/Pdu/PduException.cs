namespace FellowOakDicom.Network.Pdu;

/// <summary>The peer broke the upper layer protocol. The association ends with an A-ABORT by the provider.</summary>
internal sealed class PduException(DicomAbortReason reason, string message) : DicomNetworkException(message)
{
    public DicomAbortReason Reason { get; } = reason;

    /// <summary>The bytes are no DICOM at all: the connection is closed without a word.</summary>
    public bool IsForeign { get; init; }

    public static PduException Invalid(string message) => new(DicomAbortReason.InvalidPDUParameter, message);
}
