using FellowOakDicom.Network.Tls;
using HSENet.Dicom.Security;

namespace HSENet.Dicom.Guarding;

/// <summary>
/// The toolkit's hook on every connection that it accepts, with TLS or without. Returns at once: the toolkit may call it in its accept
/// loop. The handshake, if there is one, comes before the first byte that is read.
/// </summary>
/// <param name="gate">Who may connect.</param>
/// <param name="limits">What a peer may send.</param>
/// <param name="tls">Null: no TLS.</param>
internal sealed class GuardedAcceptor(ConnectionGate gate, GuardLimits limits, TlsAcceptor? tls) : ITlsAcceptor
{
    public Stream AcceptTls(Stream encryptedStream, string remoteAddress, int localPort)
    {
        var watch = new MessageWatch(remoteAddress, limits);
        var rules = new MessageRules.OfCaller(() => watch.MayAsk());
        if (!gate.TryEnter(remoteAddress))
            return new GuardedStream(encryptedStream, limits, watch, rules) { IsRefused = true };
        return new GuardedStream(encryptedStream, limits, watch, rules)
        {
            OnClosed = () => gate.Leave(remoteAddress),
            Handshake = tls is null ? null : (raw, cancellationToken) => HandshakeAsync(tls, raw, remoteAddress, cancellationToken),
        };
    }

    private async Task<Stream> HandshakeAsync(TlsAcceptor acceptor, Stream raw, string address, CancellationToken cancellationToken)
    {
        if (!gate.TryBeginHandshake(address))
            throw new IOException("Too many TLS handshakes are under way.");
        try
        {
            return await acceptor.HandshakeAsync(raw, address, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.EndHandshake(address);
        }
    }
}
