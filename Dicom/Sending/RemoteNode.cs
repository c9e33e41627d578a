using HSENet.Dicom.Security;

namespace HSENet.Dicom.Sending;

/// <summary>Another DICOM node.</summary>
public sealed record RemoteNode(string Host, int Port, string CalledAe, string CallingAe)
{
    /// <summary>Null: no TLS.</summary>
    public TlsCalling? Tls { get; init; }
}
