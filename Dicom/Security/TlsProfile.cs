using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace HSENet.Dicom.Security;

/// <summary>
/// The BCP 195 TLS profile (PS3.15 B, RFC 9325): TLS 1.2 or 1.3 and nothing older, ephemeral elliptic-curve keys with AES-GCM, no renegotiation. Certificates are
/// judged against the given authorities only; revocation is looked up
/// in lists that the site gives (<see cref="TlsRevocation"/>), because a hospital's own authority seldom publishes it.
/// </summary>
internal static class TlsProfile
{
    public const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>From the first byte to the end of the handshake.</summary>
    public static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

#pragma warning disable CA1416 // the service runs on Linux
    public static CipherSuitesPolicy Suites { get; } = new(
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ]);
#pragma warning restore CA1416

    /// <param name="authorities">Null: the trust store of the machine.</param>
    public static X509ChainPolicy Trust(TlsAuthorities? authorities)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(authorities.Certificates);
        }

        return policy;
    }
}
