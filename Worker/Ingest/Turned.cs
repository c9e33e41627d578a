namespace HSENet.Worker.Ingest;

/// <summary>What a peer was turned away for.</summary>
/// <param name="What">How far it got.</param>
/// <param name="RemoteHost">Its address.</param>
/// <param name="Code">Stable code.</param>
/// <param name="CallingAe">As it said; empty where it had not said it.</param>
/// <param name="Detail">For the operator.</param>
internal sealed record Turned(TurnedAway What, string RemoteHost, string Code, string CallingAe, string Detail);
