using FellowOakDicom.Network.Tls;
using HSENet.Dicom.Security;

namespace HSENet.Dicom.Guarding;

/// <summary>The toolkit's hook on every connection that it opens, with TLS or without.</summary>
/// <param name="limits">What a peer may send.</param>
/// <param name="tls">Null: no TLS.</param>
internal sealed class GuardedInitiator(GuardLimits limits, TlsInitiator? tls) : ITlsInitiator
{
    private volatile MessageWatch? _messages;
    private MessageWatch? _opened;

    /// <inheritdoc cref="MessageWatch.TakeRefusal"/>
    public MessageRefusal? TakeRefusal(ushort message) => _messages?.TakeRefusal(message);

    /// <summary>
    /// Whether the association that was accepted just now was asked for and accepted through the guard; a toolkit that did not come by here
    /// sends past it, and without TLS. To be asked once for each association.
    /// </summary>
    public bool TakeAccepted() => Interlocked.Exchange(ref _opened, null) is { Contexts.IsAccepted: true };

    public Stream InitiateTls(Stream plainStream, string remoteAddress, int remotePort)
    {
        var stream = tls is null ? plainStream : tls.InitiateTls(plainStream, remoteAddress, remotePort);
        var messages = new MessageWatch(remoteAddress, limits);
        _messages = messages;
        Volatile.Write(ref _opened, messages);
        return new GuardedStream(stream, limits, messages, new MessageRules.OfCalled());
    }
}
