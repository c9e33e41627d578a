namespace FellowOakDicom.Network;

/// <summary>How long an association waits for what the peer owes it.</summary>
internal static class ServiceTimers
{
    /// <summary>For the A-ASSOCIATE-RQ to be complete, and for the peer to close after a release, rejection or abort (PS3.8 9.1.4).</summary>
    public static readonly TimeSpan Artim = TimeSpan.FromSeconds(30);

    /// <summary>For a TLS handshake. A last resort: an acceptor that has its own limit of ten seconds ends it in better order.</summary>
    public static readonly TimeSpan Handshake = TimeSpan.FromSeconds(15);

    /// <summary>
    /// For one PDU to be complete, counted from the end of the one before. Time in handlers does not count. A last resort: a service that has an
    /// idle time of its own aborts earlier.
    /// </summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    /// <summary>For the peer to take one write.</summary>
    public static readonly TimeSpan Write = TimeSpan.FromSeconds(60);

    /// <summary>For reading what the peer sent before our sending failed.</summary>
    public static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>For the peer to take an A-ABORT.</summary>
    public static readonly TimeSpan Abort = TimeSpan.FromSeconds(5);
}
