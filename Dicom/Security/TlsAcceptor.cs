using System.Net.Security;
using FellowOakDicom.Network.Tls;

namespace HSENet.Dicom.Security;

/// <summary>The acceptor's side of a handshake, after <see cref="TlsProfile"/>. The toolkit gives it a thread of its own.</summary>
internal sealed class TlsAcceptor(TlsListening listening) : ITlsAcceptor
{
    public Stream AcceptTls(Stream encryptedStream, string remoteAddress, int localPort)
    {
        var judge = new CertificateJudge(listening.ClientRevocation);
        var stream = new SslStream(encryptedStream, leaveInnerStreamOpen: false);
        using var limit = new CancellationTokenSource(TlsProfile.HandshakeLimit);
        try
        {
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = listening.Certificate.Context,
                ClientCertificateRequired = listening.ClientAuthorities is not null,
                CertificateChainPolicy = TlsProfile.Trust(listening.ClientAuthorities),
                RemoteCertificateValidationCallback = listening.ClientAuthorities is null ? null : judge.Judge,
                EnabledSslProtocols = TlsProfile.Protocols,
                CipherSuitesPolicy = TlsProfile.Suites,
                AllowRenegotiation = false,
                AllowTlsResume = false,
            };

            // the hook is synchronous; the asynchronous call is the one that a limit can end
            stream.AuthenticateAsServerAsync(options, limit.Token).GetAwaiter().GetResult();
            return stream;
        }
        catch (Exception e)
        {
            stream.Dispose();
            listening.OnFailure(TlsFailure.Of(e, remoteAddress, judge.Objection, limit.IsCancellationRequested));
            throw;
        }
    }
}
