namespace FellowOakDicom.Network.Tls;

/// <summary>Client side of a TLS handshake.</summary>
public interface ITlsInitiator
{
    /// <summary>Runs the handshake and returns the stream that the association uses. An exception closes the connection.</summary>
    Stream InitiateTls(Stream plainStream, string remoteAddress, int remotePort);
}
