using HSENet.Dicom.Receiving;

namespace HSENet.Dicom.Commitment;

/// <summary>A valid N-ACTION of a peer: at least one reference, all UIDs in order.</summary>
public sealed record CommitmentRequest(AssociationContext Association, string TransactionUid, IReadOnlyList<CommitmentReference> References);
