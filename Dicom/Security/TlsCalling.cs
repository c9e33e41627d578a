namespace HSENet.Dicom.Security;

/// <summary>How a requestor speaks TLS to a node.</summary>
public sealed record TlsCalling
{
    /// <summary>Of the peer's certificate. Null: the trust store of the machine.</summary>
    public TlsAuthorities? Authorities { get; init; }

    /// <summary>Revocation lists of the authorities of the peer's certificate. Null: revocation is not looked at.</summary>
    public TlsRevocation? Revocation { get; init; }

    /// <summary>The name that the peer's certificate must have. Null: the host that is called.</summary>
    public string? PeerName { get; init; }

    /// <summary>Our own, for a peer that demands one.</summary>
    public TlsCertificate? Certificate { get; init; }
}
