using System.Net.Security;
using System.Security.Authentication;
using FellowOakDicom.Network.Tls;

namespace HSENet.Dicom.Security;

/// <summary>The requestor's side of a handshake, after <see cref="TlsProfile"/>: the peer's certificate must come from a known authority and bear the peer's name.</summary>
internal sealed class TlsInitiator(TlsCalling calling) : ITlsInitiator
{
    public Stream InitiateTls(Stream plainStream, string remoteAddress, int remotePort)
    {
        var judge = new CertificateJudge(calling.Revocation);
        var stream = new SslStream(plainStream, leaveInnerStreamOpen: false);
        using var limit = new CancellationTokenSource(TlsProfile.HandshakeLimit);
        try
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = calling.PeerName ?? remoteAddress,
                ClientCertificateContext = calling.Certificate?.Context,
                CertificateChainPolicy = TlsProfile.Trust(calling.Authorities),
                RemoteCertificateValidationCallback = judge.Judge,
                EnabledSslProtocols = TlsProfile.Protocols,
                CipherSuitesPolicy = TlsProfile.Suites,
                AllowRenegotiation = false,
                AllowTlsResume = false,
            };
            stream.AuthenticateAsClientAsync(options, limit.Token).GetAwaiter().GetResult();
            return stream;
        }
        catch (Exception e)
        {
            stream.Dispose();
            var failure = TlsFailure.Of(e, remoteAddress, judge.Objection, limit.IsCancellationRequested);
            throw new AuthenticationException(failure.Detail, e);
        }
    }
}
