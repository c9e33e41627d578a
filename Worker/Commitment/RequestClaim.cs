using HSENet.Dicom.Commitment;

namespace HSENet.Worker.Commitment;

/// <summary>A sender's request that this process holds.</summary>
internal sealed record RequestClaim
{
    public required Guid RequestId { get; init; }

    public required string CallingAe { get; init; }

    public required string TransactionUid { get; init; }

    public required string RemoteHost { get; init; }

    public required Guid AssociationId { get; init; }

    public required long Fence { get; init; }

    public required int Attempt { get; init; }

    /// <summary>In the order of the request.</summary>
    public IReadOnlyList<CommitmentReference> References { get; init; } = [];
}
