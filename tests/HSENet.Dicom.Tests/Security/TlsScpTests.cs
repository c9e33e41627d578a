using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using HSENet.Dicom.Guarding;
using HSENet.Dicom.Receiving;
using HSENet.Dicom.Security;
using HSENet.Dicom.Tests.Receiving;
using HSENet.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace HSENet.Dicom.Tests.Security;

/// <summary>The TLS listener against DCMTK's senders and hostile peers.</summary>
public sealed class TlsScpTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TestAuthority _authority = new();
    private readonly ConcurrentQueue<HandshakeFailure> _failures = new();
    private readonly TlsCertificate _own;
    private readonly List<ScpWorld> _worlds = [];

    public TlsScpTests()
    {
        var (certificate, key) = _authority.Issue("scp");
        _own = TlsCertificate.Load(certificate, key);
    }

    [Fact]
    public async Task Mutual_TLS_takes_a_series_while_the_plain_listener_works_too()
    {
        var world = Start();
        var client = _authority.DcmtkOptions(_authority.Issue("CT1"));
        using var folder = new TempFolder();
        new CtSeriesBuilder().Write(folder.Root);

        (await Dcmtk.EchoAsync(TlsPort(world), "HSENET", client)).Succeeded();
        (await Dcmtk.StoreAsync(TlsPort(world), "HSENET", folder.Root, client)).Succeeded();
        (await Dcmtk.EchoAsync(world.Port, "HSENET")).Succeeded();

        Assert.NotEqual(world.Port, TlsPort(world));
        Assert.Equal(new CtSeriesBuilder().SliceCount, world.Receiver.Files.Count);
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task A_client_without_certificate_is_turned_away_and_told_apart()
    {
        var world = Start();
        var result = await Dcmtk.EchoAsync(TlsPort(world), "HSENET", ["+tla", "+cf", _authority.File]);

        Assert.NotEqual(0, result.ExitCode);
        var failure = await FailureAsync();
        Assert.Equal(("tls.client-certificate", "127.0.0.1"), (failure.Code, failure.RemoteHost));
        Assert.Contains("sent no certificate", failure.Detail, StringComparison.Ordinal);
        Assert.Empty(world.Receiver.Associations);
        (await Dcmtk.EchoAsync(TlsPort(world), "HSENET", _authority.DcmtkOptions(_authority.Issue()))).Succeeded();
    }

    [Fact]
    public async Task Without_client_authorities_no_client_certificate_is_asked_for()
    {
        var world = Start(isMutual: false);
        (await Dcmtk.EchoAsync(TlsPort(world), "HSENET", ["+tla", "+cf", _authority.File])).Succeeded();
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task A_client_of_another_authority_is_turned_away()
    {
        var world = Start();
        using var other = new TestAuthority("Other authority");
        var result = await Dcmtk.EchoAsync(TlsPort(world), "HSENET", other.DcmtkOptions(other.Issue(), trusted: _authority));

        Assert.NotEqual(0, result.ExitCode);
        var failure = await FailureAsync();
        Assert.Equal("tls.client-certificate", failure.Code);
        Assert.Contains("not accepted", failure.Detail, StringComparison.Ordinal);
        Assert.Empty(world.Receiver.Associations);
    }

    [Fact]
    public async Task An_expired_client_certificate_is_turned_away()
    {
        var world = Start();
        var result = await Dcmtk.EchoAsync(TlsPort(world), "HSENET", _authority.DcmtkOptions(_authority.Issue(days: -2)));

        Assert.NotEqual(0, result.ExitCode);
        var failure = await FailureAsync();
        Assert.Equal("tls.client-certificate", failure.Code);
        Assert.Contains("NotTimeValid", failure.Detail, StringComparison.Ordinal);
        Assert.Empty(world.Receiver.Associations);
    }

    [Fact]
    public async Task A_peer_that_speaks_without_TLS_is_closed_at_once()
    {
        var world = Start();
        var result = await Dcmtk.EchoAsync(TlsPort(world), "HSENET", ["-to", "20", "-ta", "20"]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal("tls.handshake", (await FailureAsync()).Code);
        Assert.Empty(world.Receiver.Associations);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Both_versions_of_the_profile_are_spoken(SslProtocols version)
    {
        var world = Start(isMutual: false);
        using var connection = new TcpClient("127.0.0.1", TlsPort(world));
        await using var stream = new SslStream(connection.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                EnabledSslProtocols = version,
                CertificateChainPolicy = TlsProfile.Trust(TlsAuthorities.Load(_authority.File)),
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(version, stream.SslProtocol);
        Assert.Contains("GCM", stream.NegotiatedCipherSuite.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_1_1_is_refused_as_a_protocol_version()
    {
        var world = Start();

        var older = await HelloAsync(TlsPort(world), version: 0x0302, suite: 0xC009);
        var same = await HelloAsync(TlsPort(world), version: 0x0303, suite: 0xC02B);

        // alert (21), fatal (2), protocol_version (70); the same words with the right version get a ServerHello (22)
        Assert.Equal([21, 2, 70], [older[0], older[5], older[6]]);
        Assert.Equal(22, same[0]);
        Assert.Equal("tls.handshake", (await FailureAsync()).Code);
    }

    [Fact]
    public async Task A_cipher_suite_without_forward_secrecy_or_authenticated_encryption_is_refused()
    {
        var world = Start();
        Assert.Equal(21, (await HelloAsync(TlsPort(world), version: 0x0303, suite: 0xC009))[0]); // ECDHE, but CBC
        Assert.Equal(21, (await HelloAsync(TlsPort(world), version: 0x0303, suite: 0x009C))[0]); // GCM, but RSA key transport
    }

    [Fact]
    public async Task A_peer_that_says_nothing_is_closed_and_keeps_nobody_waiting()
    {
        var world = Start();
        using var silent = new TcpClient("127.0.0.1", TlsPort(world));
        (await Dcmtk.EchoAsync(TlsPort(world), "HSENET", _authority.DcmtkOptions(_authority.Issue()))).Succeeded();
        var end = await silent.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline, TestContext.Current.CancellationToken);

        Assert.Equal(0, end);
        Assert.Equal("tls.timeout", (await FailureAsync()).Code);
    }

    [Fact]
    public async Task Handshakes_of_one_address_are_limited_and_their_places_come_back()
    {
        var world = Start(limits: new ConnectionLimits { Handshakes = 4, HandshakesPerAddress = 2 });
        var silent = new List<RawPeer>();
        for (var i = 0; i < 3; i++)
            silent.Add(await RawPeer.ConnectAsync(TlsPort(world), "127.0.0.9"));

        await Until.TrueAsync(() => !world.Receiver.RefusedConnections.IsEmpty, Deadline, "the third is refused");
        var refused = Assert.Single(world.Receiver.RefusedConnections);
        Assert.Equal(("127.0.0.9", "connection.handshakes"), (refused.RemoteHost, refused.Code));
        (await Dcmtk.EchoAsync(TlsPort(world), "HSENET", _authority.DcmtkOptions(_authority.Issue()))).Succeeded();

        foreach (var peer in silent)
            await peer.DisposeAsync();
        await Until.TrueAsync(() => _failures.Count == 2, Deadline, "the two others have ended");
        await using var again = await RawPeer.ConnectAsync(TlsPort(world), "127.0.0.9");
        await again.SendRawAsync("no TLS"u8.ToArray());
        await Until.TrueAsync(() => _failures.Count == 3, Deadline, "the next one has a place");
        Assert.Single(world.Receiver.RefusedConnections);
    }

    /// <summary>More than there are places of either kind, each of another address, which never says a word.</summary>
    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 300)]
    public async Task An_address_that_holds_nothing_is_served_at_once_while_silent_ones_hold_every_place(bool isTls, int count)
    {
        var world = Start();
        var silent = new List<RawPeer>();
        try
        {
            for (var i = 0; i < count; i++)
                silent.Add(await RawPeer.ConnectAsync(isTls ? TlsPort(world) : world.Port, $"127.0.{4 + (i / 200)}.{1 + (i % 200)}"));
            var tooMany = count - (isTls ? 128 : 256);
            await Until.TrueAsync(
                () => world.Receiver.RefusedConnections.Count(r => r.Code == "connection.displaced") == tooMany, Deadline, "all places are taken");

            var clock = Stopwatch.StartNew();
            (await Dcmtk.EchoAsync(TlsPort(world), "HSENET", _authority.DcmtkOptions(_authority.Issue()))).Succeeded();
            (await Dcmtk.EchoAsync(world.Port, "HSENET")).Succeeded();

            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
            Assert.All(world.Receiver.RefusedConnections, r => Assert.Equal("connection.displaced", r.Code));
            clock.Restart();
            Assert.True(await IsClosedAsync(silent[0]), "the one that waited longest is closed");
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5)); // at once, not when its time is over
        }
        finally
        {
            foreach (var peer in silent)
                await peer.DisposeAsync();
        }
    }

    /// <summary>By an orderly end or by a reset.</summary>
    private static async Task<bool> IsClosedAsync(RawPeer peer)
    {
        try
        {
            return (await peer.ReceivePduAsync()).Type == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    [Fact]
    public async Task The_same_port_for_both_means_TLS_only()
    {
        var port = FreePort.Next();
        var world = Start(port: port);

        Assert.Equal((port, (int?)port), (world.Port, world.Scp.TlsPort));
        Assert.NotEqual(0, (await Dcmtk.EchoAsync(port, "HSENET")).ExitCode);
        (await Dcmtk.EchoAsync(port, "HSENET", _authority.DcmtkOptions(_authority.Issue()))).Succeeded();
    }

    [Fact]
    public void A_taken_TLS_port_fails_the_start_and_frees_the_plain_one()
    {
        var taken = Start();
        var plain = FreePort.Next();
        var failure = Assert.Throws<HSENetDicomException>(() => StoreScp.Start(
            new StoreScpOptions { AeTitle = "HSENET", BindAddress = "127.0.0.1", Port = plain, Tls = Listening(true) with { Port = TlsPort(taken) } },
            new RecordingReceiver(),
            NullLoggerFactory.Instance));

        Assert.Equal("receive.listen", failure.Code);
        Assert.False(ListeningSockets.Contains(plain));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var world in _worlds)
            await world.DisposeAsync();
        _own.Dispose();
        _authority.Dispose();
    }

    private static int TlsPort(ScpWorld world) => world.Scp.TlsPort!.Value;

    private ScpWorld Start(bool isMutual = true, int port = 0, ConnectionLimits? limits = null)
    {
        var world = ScpWorld.Start(o => o with { Port = port, Limits = limits ?? new(), Tls = Listening(isMutual) with { Port = port } });
        _worlds.Add(world);
        return world;
    }

    private TlsListening Listening(bool isMutual) => new()
    {
        Port = 0,
        Certificate = _own,
        ClientAuthorities = isMutual ? TlsAuthorities.Load(_authority.File) : null,
        OnFailure = _failures.Enqueue,
    };

    private async Task<HandshakeFailure> FailureAsync()
    {
        await Until.TrueAsync(() => !_failures.IsEmpty, Deadline, "a failed handshake is told of");
        return _failures.First();
    }

    /// <summary>A ClientHello with one suite, P-256 and ECDSA or RSA with SHA-256; returns the start of the answer.</summary>
    private static async Task<byte[]> HelloAsync(int port, ushort version, ushort suite)
    {
        byte[] extensions =
        [
            0, 10, 0, 4, 0, 2, 0, 23, // supported_groups: secp256r1
            0, 11, 0, 2, 1, 0, // ec_point_formats: uncompressed
            0, 13, 0, 6, 0, 4, 4, 3, 4, 1, // signature_algorithms: ecdsa_secp256r1_sha256, rsa_pkcs1_sha256
        ];
        byte[] body =
        [
            (byte)(version >> 8), (byte)version, .. new byte[32], 0, 0, 2, (byte)(suite >> 8), (byte)suite, 1, 0,
            (byte)(extensions.Length >> 8), (byte)extensions.Length, .. extensions,
        ];
        byte[] handshake = [1, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
        byte[] record = [22, 3, 1, (byte)(handshake.Length >> 8), (byte)handshake.Length, .. handshake];
        using var connection = new TcpClient("127.0.0.1", port);
        await connection.GetStream().WriteAsync(record);
        var answer = new byte[7];
        await connection.GetStream().ReadExactlyAsync(answer).AsTask().WaitAsync(Deadline);
        return answer;
    }
}
