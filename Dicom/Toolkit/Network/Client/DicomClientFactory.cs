using FellowOakDicom.Network.Tls;
using Microsoft.Extensions.DependencyInjection;

namespace FellowOakDicom.Network.Client;

/// <summary>Makes clients with the services that <see cref="DicomSetupBuilder"/> set up.</summary>
public static class DicomClientFactory
{
    /// <summary>With TLS, the <see cref="ITlsInitiator"/> among the registered services is used.</summary>
    public static IDicomClient Create(string host, int port, bool useTls, string callingAe, string calledAe) =>
        Factory.Create(host, port, useTls, callingAe, calledAe);

    public static IDicomClient Create(string host, int port, ITlsInitiator? tlsInitiator, string callingAe, string calledAe) =>
        Factory.Create(host, port, tlsInitiator, callingAe, calledAe);

    private static IDicomClientFactory Factory => Setup.Services.GetRequiredService<IDicomClientFactory>();
}
