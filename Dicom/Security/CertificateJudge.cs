using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace HSENet.Dicom.Security;

/// <summary>
/// Says no where the platform says no, to short keys and to what has been revoked, and remembers why: one handshake's worth.
/// </summary>
internal sealed class CertificateJudge(TlsRevocation? revocation = null)
{
    /// <summary>Null as long as there is none.</summary>
    public string? Objection { get; private set; }

    public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Objection = errors switch
        {
            SslPolicyErrors.None when (KeyStrength.Objection(chain) ?? revocation?.Objection(chain)) is { } objection =>
                $"the peer's certificate is not accepted: {objection}",
            SslPolicyErrors.None => null,
            _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => "the peer sent no certificate",
            _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) => $"the peer's certificate is not accepted: {Statuses(chain)}",
            _ => "the peer's certificate bears another name",
        };
        return Objection is null;
    }

    private static string Statuses(X509Chain? chain) => string.Join(", ", (chain?.ChainStatus ?? []).Select(s => s.Status).Distinct());
}
