using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FellowOakDicom;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;
using FellowOakDicom.Network.Tls;
using Microsoft.Extensions.DependencyInjection;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>The places where TLS comes in; the policy is the caller's.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly X509Certificate2 _certificate = SelfSigned();

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task An_instance_travels_through_tls()
    {
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script, new Acceptor(_certificate));
        var initiator = new Initiator();
        var client = DicomClientFactory.Create("127.0.0.1", server.Port, initiator, "CALLING", "CALLED");
        Assert.Same(initiator, client.TlsInitiator);
        DicomStatus? status = null;
        var file = Instances.Ct("1.2.3", pixelBytes: 500_000);
        await client.AddRequestAsync(new DicomCStoreRequest(file) { OnResponseReceived = (_, response) => status = response.Status });
        await client.SendAsync();

        Assert.Equal(DicomStatus.Success, status);
        Assert.Equal(Instances.DataOf(file), Assert.Single(script.Stored).Bytes);
        Assert.Null(await script.ClosedAsync());
    }

    [Fact]
    public async Task A_failed_handshake_closes_the_connection_and_the_server_lives()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script(), new Acceptor(_certificate));
        using (var peer = await RawPeer.ConnectAsync(server.Port))
        {
            await peer.SendAsync(Wire.AssociateRequest(Wire.UserInformation(0)));
            try
            {
                while ((await peer.ReadSomeAsync()).Length > 0)
                {
                    // An alert may come before the end.
                }
            }
            catch (IOException)
            {
                // Reset: closed all the same.
            }
        }

        var client = DicomClientFactory.Create("127.0.0.1", server.Port, new Initiator(), "CALLING", "CALLED");
        await client.AddRequestAsync(new DicomCEchoRequest());
        await client.SendAsync();
    }

    [Fact]
    public async Task A_client_that_refuses_the_certificate_does_not_connect()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script(), new Acceptor(_certificate));
        var client = DicomClientFactory.Create("127.0.0.1", server.Port, new Initiator { IsTrusting = false }, "CALLING", "CALLED");
        await client.AddRequestAsync(new DicomCEchoRequest());

        var exception = await Assert.ThrowsAsync<DicomNetworkException>(() => client.SendAsync());
        Assert.IsType<AuthenticationException>(exception.InnerException);
    }

    [Fact]
    public async Task A_registered_initiator_is_used_when_tls_is_asked_for()
    {
        using var server = TestServer.Start<ScriptedScp>(new Script(), new Acceptor(_certificate));
        using var services = new ServiceCollection().AddFellowOakDicom().AddSingleton<ITlsInitiator, Initiator>().BuildServiceProvider();
        var factory = services.GetRequiredService<IDicomClientFactory>();
        var client = factory.Create("127.0.0.1", server.Port, true, "CALLING", "CALLED");
        Assert.IsType<Initiator>(client.TlsInitiator);
        await client.AddRequestAsync(new DicomCEchoRequest());
        await client.SendAsync();
        Assert.Null(factory.Create("127.0.0.1", server.Port, null, "CALLING", "CALLED").TlsInitiator);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }

    private sealed class Acceptor(X509Certificate2 certificate) : ITlsAcceptor
    {
        public Stream AcceptTls(Stream encryptedStream, string remoteAddress, int localPort)
        {
            Assert.Equal("127.0.0.1", remoteAddress);
            var stream = new SslStream(encryptedStream);
            stream.AuthenticateAsServer(certificate);
            return stream;
        }
    }

    private sealed class Initiator : ITlsInitiator
    {
        public bool IsTrusting { get; init; } = true;

        public Stream InitiateTls(Stream plainStream, string remoteAddress, int remotePort)
        {
            var stream = new SslStream(plainStream, leaveInnerStreamOpen: false, (_, _, _, _) => IsTrusting);
            stream.AuthenticateAsClient(remoteAddress);
            return stream;
        }
    }
}
