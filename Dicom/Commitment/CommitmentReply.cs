namespace HSENet.Dicom.Commitment;

/// <summary>Status and comment of an N-ACTION or N-EVENT-REPORT response (PS3.7 C). The comment is cut to 64 characters.</summary>
public readonly record struct CommitmentReply(ushort Status, string? Comment = null)
{
    public static CommitmentReply Success { get; } = new(0x0000);
}
