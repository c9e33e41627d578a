namespace HSENet.Dicom.Security;

/// <summary>A peer that did not get through the TLS handshake. The connection is closed already.</summary>
/// <param name="RemoteHost">Its address.</param>
/// <param name="Code">Stable: <c>tls.client-certificate</c>, <c>tls.timeout</c>, <c>tls.handshake</c>, <c>tls.closed</c> (it went away by itself).</param>
/// <param name="Detail">For the operator.</param>
public sealed record HandshakeFailure(string RemoteHost, string Code, string Detail);
