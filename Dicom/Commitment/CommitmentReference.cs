namespace HSENet.Dicom.Commitment;

/// <summary>An instance whose safekeeping is asked for or told of.</summary>
public sealed record CommitmentReference(string SopClassUid, string SopInstanceUid);

/// <summary>An instance that is not kept, and why (Failure Reason, PS3.3 C.14.1.1): see <see cref="FailureReason"/>.</summary>
public sealed record CommitmentFailure(CommitmentReference Reference, ushort Reason);
