namespace HSENet.Worker.Delivery;

/// <summary>A delivery that this process holds, with the bytes to send.</summary>
internal sealed record DeliveryClaim
{
    public required Guid DeliveryId { get; init; }

    public required Guid JobId { get; init; }

    public required Guid SeriesKey { get; init; }

    public required string Destination { get; init; }

    public required long Fence { get; init; }

    public required int Attempt { get; init; }

    public required string SopInstanceUid { get; init; }

    public required byte[] Document { get; init; }
}
