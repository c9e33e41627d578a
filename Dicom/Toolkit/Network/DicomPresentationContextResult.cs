namespace FellowOakDicom.Network;

/// <summary>Result of a presentation context (PS3.8 table 9-18); <see cref="Proposed"/> is not on the wire.</summary>
public enum DicomPresentationContextResult : byte
{
    Proposed = 255,
    Accept = 0,
    RejectUser = 1,
    RejectNoReason = 2,
    RejectAbstractSyntaxNotSupported = 3,
    RejectTransferSyntaxesNotSupported = 4,
}
