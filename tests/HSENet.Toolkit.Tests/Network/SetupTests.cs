using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;
using Microsoft.Extensions.DependencyInjection;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>The services behind the static factories. Alone in its collection: they are everyone's.</summary>
[CollectionDefinition(nameof(SetupTests), DisableParallelization = true)]
[Collection(nameof(SetupTests))]
public sealed class SetupTests : IDisposable
{
    public void Dispose() => new DicomSetupBuilder().Build();

    [Fact]
    public void The_builder_and_a_provider_set_the_defaults_of_the_static_factories()
    {
        new DicomSetupBuilder().RegisterServices(s => s.Configure<DicomServiceOptions>(o => o.MaxPDULength = 65536)).Build();
        Assert.Equal(65536u, DicomClientFactory.Create("127.0.0.1", 1, false, "A", "B").ServiceOptions.MaxPDULength);

        var services = new ServiceCollection().AddFellowOakDicom();
        services.Configure<DicomServerOptions>(o => o.MaxClientsAllowed = 3);
        services.Configure<DicomClientOptions>(o => o.AssociationRequestTimeoutInMs = 77);
        DicomSetupBuilder.UseServiceProvider(services.BuildServiceProvider());
        var limit = 0;
        using var server = DicomServerFactory.Create<EchoOnlyScp>(0, configure: o => limit = o.MaxClientsAllowed);
        Assert.Equal(3, limit);
        Assert.Equal(77, DicomClientFactory.Create("127.0.0.1", 1, null, "A", "B").ClientOptions.AssociationRequestTimeoutInMs);
    }

    [Fact]
    public void Options_clone_into_copies()
    {
        var service = new DicomServiceOptions { MaxPDULength = 5, RequestTimeout = TimeSpan.FromSeconds(3), TcpNoDelay = false };
        var copy = service.Clone();
        service.MaxPDULength = 6;
        Assert.Equal((5u, TimeSpan.FromSeconds(3), false), (copy.MaxPDULength, copy.RequestTimeout!.Value, copy.TcpNoDelay));
        Assert.Equal(2, new DicomServerOptions { MaxClientsAllowed = 2 }.Clone().MaxClientsAllowed);

        Assert.Equal((10000, 50), (new DicomClientOptions().AssociationReleaseTimeoutInMs, new DicomClientOptions().AssociationLingerTimeoutInMs));
        var client = new DicomClientOptions { MaximumNumberOfRequestsPerAssociation = 4, MaximumNumberOfConsecutiveTimedOutAssociationRequests = 5 };
        Assert.Equal(
            (4, 5), (client.Clone().MaximumNumberOfRequestsPerAssociation!.Value, client.Clone().MaximumNumberOfConsecutiveTimedOutAssociationRequests));
    }
}
