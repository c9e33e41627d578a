namespace HSENet.Dicom.Security;

/// <summary>The TLS side of the SCP.</summary>
public sealed record TlsListening
{
    /// <summary>Port of the TLS listener; 0 takes a free one. The same as the plain listener's port (and not 0): there is no plain listener.</summary>
    public required int Port { get; init; }

    public required TlsCertificate Certificate { get; init; }

    /// <summary>Of client certificates, which are then demanded. Null: none is asked for.</summary>
    public TlsAuthorities? ClientAuthorities { get; init; }

    /// <summary>Revocation lists of those authorities. Null: revocation is not looked at.</summary>
    public TlsRevocation? ClientRevocation { get; init; }

    /// <summary>Told of every failed handshake, on the connection's thread; must not block.</summary>
    public Action<HandshakeFailure> OnFailure { get; init; } = _ => { };
}
