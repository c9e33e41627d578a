namespace HSENet.Dicom.Guarding;

/// <summary>PDU types of PS3.8 9.3.</summary>
internal enum PduKind : byte
{
    AssociateRequest = 1,
    AssociateAccept = 2,
    AssociateReject = 3,
    Data = 4,
    ReleaseRequest = 5,
    ReleaseResponse = 6,
    Abort = 7,
}
