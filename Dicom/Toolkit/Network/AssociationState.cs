namespace FellowOakDicom.Network;

/// <summary>Where an association stands, after the states of PS3.8 9.2.1 (number in brackets).</summary>
internal enum AssociationState
{
    /// <summary>Acceptor: connected, no A-ASSOCIATE-RQ yet (2).</summary>
    AwaitingRequest,

    /// <summary>Acceptor: the service has not answered the request yet (3).</summary>
    AwaitingReply,

    /// <summary>Requestor: the request is out (5).</summary>
    AwaitingAccept,

    /// <summary>Messages may flow (6).</summary>
    Established,

    /// <summary>A-RELEASE-RQ is out (7).</summary>
    AwaitingReleaseResponse,

    /// <summary>A-RELEASE-RQ came in, the service has not answered yet (8).</summary>
    AwaitingReleaseReply,

    /// <summary>Nothing more is said; the peer is to close (13).</summary>
    Closing,
}
