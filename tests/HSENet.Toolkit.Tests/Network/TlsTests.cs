using System.Net;
using System.Net.Security;
using System.Net.Sockets;
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

    private readonly string _folder = Directory.CreateTempSubdirectory("tls-").FullName;

    public void Dispose()
    {
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

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
    public async Task Stalled_handshakes_hold_up_nobody_and_are_closed_after_fifteen_seconds()
    {
        var time = new ManualTime();
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(time).AddFellowOakDicom().BuildServiceProvider();
        using var server = services.GetRequiredService<IDicomServerFactory>()
            .Create<ScriptedScp>("127.0.0.1", 0, new Acceptor(_certificate), userState: new Script());
        using var silent = await RawPeer.ConnectAsync(server.Port);
        using var halfway = await RawPeer.ConnectAsync(server.Port);
        await halfway.SendAsync([0x16, 3, 1, 2]);
        var client = DicomClientFactory.Create("127.0.0.1", server.Port, new Initiator(), "CALLING", "CALLED");
        await client.AddRequestAsync(new DicomCEchoRequest());
        await client.SendAsync();

        time.Advance(TimeSpan.FromSeconds(14));
        Assert.False(silent.HasMore || halfway.HasMore);
        var closed = Task.WhenAll(silent.ExpectClosedAsync(), halfway.ExpectClosedAsync());
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return closed.IsCompleted;
        });
        await closed;
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_dcmtk_client_with_a_certificate_gets_in_and_one_without_is_turned_away_at_once(SslProtocols protocol)
    {
        using var server = TestServer.Start<ScriptedScp>(new Script(), new Acceptor(_certificate, protocol, isMutual: true));
        var (key, certificate) = SavePem();
        var (exit, output) = await Dcmtk.RunAsync("echoscu", "-v", "+tls", key, certificate, "+cf", certificate, "127.0.0.1", $"{server.Port}");
        Assert.Equal((0, ""), (exit, exit == 0 ? "" : output));

        var (refused, _) = await Dcmtk.RunAsync("echoscu", "-v", "+tla", "+cf", certificate, "-to", "30", "127.0.0.1", $"{server.Port}");
        Assert.NotEqual(0, refused);
        var (plain, _) = await Dcmtk.RunAsync("echoscu", "-v", "-ta", "30", "127.0.0.1", $"{server.Port}");
        Assert.NotEqual(0, plain);
    }

    [Fact]
    public async Task A_dcmtk_server_takes_our_client_with_its_certificate()
    {
        var (key, certificate) = SavePem();
        using var free = new RawListener();
        var port = free.Port;
        free.Dispose();
        using var storescp = Dcmtk.Start(
            "storescp", "-v", "--ignore", "+tls", key, certificate, "+cf", certificate, "-rc", $"{port}");
        try
        {
            _ = storescp.StandardError.ReadToEndAsync();
            _ = storescp.StandardOutput.ReadToEndAsync();
            DicomStatus? status = null;
            await Eventually.TrueAsync(async () =>
            {
                var client = DicomClientFactory.Create("127.0.0.1", port, new Initiator { Own = _certificate }, "CALLING", "CALLED");
                await client.AddRequestAsync(new DicomCEchoRequest { OnResponseReceived = (_, response) => status = response.Status });
                return await Record.ExceptionAsync(() => client.SendAsync()) is null;
            });
            Assert.Equal(DicomStatus.Success, status);
        }
        finally
        {
            storescp.Kill();
        }
    }

    private (string Key, string Certificate) SavePem()
    {
        File.WriteAllText(Path.Combine(_folder, "key.pem"), _certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(_folder, "certificate.pem"), _certificate.ExportCertificatePem());
        return (Path.Combine(_folder, "key.pem"), Path.Combine(_folder, "certificate.pem"));
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
        // RSA: the TLS 1.2 profile of DCMTK knows no suite for elliptic curve certificates
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    private sealed class Acceptor(X509Certificate2 certificate, SslProtocols protocols = SslProtocols.None, bool isMutual = false) : ITlsAcceptor
    {
        public Stream AcceptTls(Stream encryptedStream, string remoteAddress, int localPort)
        {
            Assert.StartsWith("127.0.0.", remoteAddress, StringComparison.Ordinal);
            var stream = new SslStream(encryptedStream);
            stream.AuthenticateAsServer(new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate,
                EnabledSslProtocols = protocols,
                ClientCertificateRequired = isMutual,
                RemoteCertificateValidationCallback = (_, peer, _, _) => !isMutual || peer?.GetCertHashString() == certificate.GetCertHashString(),
            });
            return stream;
        }
    }

    private sealed class Initiator : ITlsInitiator
    {
        public bool IsTrusting { get; init; } = true;

        public X509Certificate2? Own { get; init; }

        public Stream InitiateTls(Stream plainStream, string remoteAddress, int remotePort)
        {
            var stream = new SslStream(plainStream, leaveInnerStreamOpen: false, (_, _, _, _) => IsTrusting);
            stream.AuthenticateAsClient(remoteAddress, Own is null ? null : [Own], checkCertificateRevocation: false);
            return stream;
        }
    }
}
