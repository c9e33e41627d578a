namespace HSENet.Worker.Messaging;

/// <param name="Code">Stable code.</param>
/// <param name="Detail">For the operator.</param>
/// <param name="IsOfQueue">The broker answers, but refuses us one of its queues.</param>
internal sealed record BrokerTrouble(string Code, string Detail, bool IsOfQueue);
