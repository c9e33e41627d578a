namespace HSENet.Worker.Ingest;

/// <summary>How far a peer got.</summary>
internal enum TurnedAway
{
    Connection,
    Handshake,
    Association,

    /// <summary>It has an association, and none of the presentation contexts that it proposed.</summary>
    Contexts,

    /// <summary>It asked for storage commitment, and nothing says where to answer it.</summary>
    Commitment,
}
