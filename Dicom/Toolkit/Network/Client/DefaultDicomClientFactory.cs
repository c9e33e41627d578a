using FellowOakDicom.Network.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FellowOakDicom.Network.Client;

/// <summary>Makes clients with the services of one container.</summary>
internal sealed class DefaultDicomClientFactory(
    IServiceProvider services,
    DicomServiceDependencies dependencies,
    IOptions<DicomClientOptions> clientOptions,
    IOptions<DicomServiceOptions> serviceOptions) : IDicomClientFactory
{
    public IDicomClient Create(string host, int port, bool useTls, string callingAe, string calledAe)
    {
        var initiator = !useTls ? null
            : services.GetService<ITlsInitiator>() ?? throw new DicomNetworkException("TLS needs an ITlsInitiator among the registered services");
        return Create(host, port, initiator, callingAe, calledAe);
    }

    public IDicomClient Create(string host, int port, ITlsInitiator? tlsInitiator, string callingAe, string calledAe) =>
        new DicomClient(
            new ClientTarget(host, port, tlsInitiator, callingAe, calledAe),
            clientOptions.Value.Clone(),
            serviceOptions.Value.Clone(),
            dependencies);
}
