using FellowOakDicom.Network.Tls;

namespace FellowOakDicom.Network.Client;

/// <summary>Makes clients.</summary>
public interface IDicomClientFactory
{
    /// <summary>With TLS, the <see cref="ITlsInitiator"/> among the registered services is used.</summary>
    IDicomClient Create(string host, int port, bool useTls, string callingAe, string calledAe);

    IDicomClient Create(string host, int port, ITlsInitiator? tlsInitiator, string callingAe, string calledAe);
}
