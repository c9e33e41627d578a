namespace HSENet.Dicom.Guarding;

/// <summary>A connection that was closed before there was an association.</summary>
/// <param name="RemoteHost">Its address.</param>
/// <param name="Code">Stable: <c>connection.address</c>, <c>connection.limit</c>, <c>connection.handshakes</c>,
/// <c>connection.displaced</c>, <c>connection.protocol</c>.</param>
/// <param name="Detail">For the operator.</param>
public sealed record RefusedConnection(string RemoteHost, string Code, string Detail);
