namespace HSENet.Worker.Commitment;

/// <summary>A question to a destination that this process holds.</summary>
internal sealed record TransactionClaim
{
    public required string TransactionUid { get; init; }

    public required Guid DeliveryId { get; init; }

    public required Guid JobId { get; init; }

    public required Guid SeriesKey { get; init; }

    public required string Destination { get; init; }

    public required string SopInstanceUid { get; init; }

    public required string SopClassUid { get; init; }

    public required int Round { get; init; }

    public required long Fence { get; init; }
}

/// <summary>What a result meant.</summary>
/// <param name="JobId">Of the report.</param>
/// <param name="Destination">That answered.</param>
/// <param name="State">committed or refused.</param>
/// <param name="Reason">Failure reason of a refusal.</param>
/// <param name="DeliveryState">After it.</param>
/// <param name="IsNews">False when it was known already, or came too late to matter.</param>
internal sealed record TakenResult(Guid JobId, string Destination, string State, int? Reason, string DeliveryState, bool IsNews);
