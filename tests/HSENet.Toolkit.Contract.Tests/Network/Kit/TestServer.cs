using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;
using FellowOakDicom.Network.Tls;

namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>Servers and clients on free loopback ports.</summary>
internal static class TestServer
{
    public static IDicomServer Start<T>(Script script, ITlsAcceptor? tls = null, Action<DicomServerOptions>? configure = null)
        where T : DicomService, IDicomServiceProvider
    {
        var server = DicomServerFactory.Create<T>("127.0.0.1", 0, tls, userState: script, configure: configure);
        Assert.Null(server.Exception);
        Assert.True(server.IsListening);
        return server;
    }

    public static IDicomClient Client(int port)
    {
        var client = DicomClientFactory.Create("127.0.0.1", port, false, "CALLING", "CALLED");
        client.ClientOptions.AssociationLingerTimeoutInMs = 0;
        return client;
    }
}
