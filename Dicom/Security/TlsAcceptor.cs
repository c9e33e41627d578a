using System.Net.Security;

namespace HSENet.Dicom.Security;

/// <summary>The acceptor's side of a handshake, after <see cref="TlsProfile"/>.</summary>
internal sealed class TlsAcceptor(TlsListening listening)
{
    /// <exception cref="IOException">It failed; the connection is closed.</exception>
    public async Task<Stream> HandshakeAsync(Stream encryptedStream, string remoteAddress, CancellationToken cancellationToken)
    {
        var judge = new CertificateJudge(listening.ClientRevocation);
        var stream = new SslStream(encryptedStream, leaveInnerStreamOpen: false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TlsProfile.HandshakeLimit);
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
            await stream.AuthenticateAsServerAsync(options, limit.Token).ConfigureAwait(false);
            return stream;
        }
        catch (Exception e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            var isStopped = cancellationToken.IsCancellationRequested;
            var failure = TlsFailure.Of(isStopped ? new IOException() : e, remoteAddress, judge.Objection, limit.IsCancellationRequested && !isStopped);
            listening.OnFailure(failure);
            throw new IOException(failure.Detail, e);
        }
    }
}
