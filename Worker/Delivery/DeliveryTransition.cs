namespace HSENet.Worker.Delivery;

/// <summary>What became of a delivery that failed.</summary>
/// <param name="State"><c>pending</c> or <c>failed</c>.</param>
/// <param name="HeldBack">Others that its destination gets no more because of it; null: it is not stopped.</param>
internal sealed record DeliveryTransition(string State, int? HeldBack);
