namespace HSENet.Worker.Ingest;

/// <summary>How far a peer got.</summary>
internal enum TurnedAway
{
    Connection,
    Handshake,
    Association,
}
