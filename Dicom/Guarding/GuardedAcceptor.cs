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
        var stream = new GuardedStream(encryptedStream, limits, watch, rules);
        var place = new ConnectionPlace(remoteAddress, () => watch.Contexts.IsAccepted, stream.Displace);
        stream.OnClosed = () => gate.Leave(place);
        if (tls is not null)
            stream.Handshake = (raw, cancellationToken) => HandshakeAsync(tls, raw, place, cancellationToken);
        stream.IsRefused = !gate.TryEnter(place);
        return stream;
    }

    private async Task<Stream> HandshakeAsync(TlsAcceptor acceptor, Stream raw, ConnectionPlace place, CancellationToken cancellationToken)
    {
        if (!gate.TryBeginHandshake(place))
            throw new IOException("Too many TLS handshakes are under way.");
        try
        {
            return await acceptor.HandshakeAsync(raw, place.Address, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.EndHandshake(place);
        }
    }
}
