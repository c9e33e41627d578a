namespace HSENet.Dicom.Commitment;

/// <summary>What an N-EVENT-REPORT says of one transaction.</summary>
public sealed record CommitmentResult(string TransactionUid, IReadOnlyList<CommitmentReference> Committed, IReadOnlyList<CommitmentFailure> Failed);
