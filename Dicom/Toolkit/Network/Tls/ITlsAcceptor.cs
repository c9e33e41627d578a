namespace FellowOakDicom.Network.Tls;

/// <summary>Server side of a TLS handshake.</summary>
public interface ITlsAcceptor
{
    /// <summary>Runs the handshake and returns the stream that the association uses. An exception closes the connection.</summary>
    Stream AcceptTls(Stream encryptedStream, string remoteAddress, int localPort);
}
