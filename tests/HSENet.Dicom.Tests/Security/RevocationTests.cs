using System.Collections.Concurrent;
using HSENet.Dicom.Security;
using HSENet.Dicom.Sending;
using HSENet.Dicom.Tests.Receiving;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Security;

/// <summary>Revocation lists and short keys, against DCMTK's programs.</summary>
public sealed class RevocationTests : IAsyncDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TempFolder _folder = new("crl");
    private readonly ConcurrentQueue<HandshakeFailure> _failures = new();
    private readonly TlsCertificate _own;
    private readonly List<ScpWorld> _worlds = [];

    public RevocationTests()
    {
        var (certificate, key) = _authority.Issue("scp");
        _own = TlsCertificate.Load(certificate, key);
    }

    private string List => _folder.Path("list.crl");

    [Fact]
    public async Task A_revoked_client_is_turned_away_and_its_neighbour_is_not()
    {
        var (revoked, neighbour) = (_authority.Issue("lost"), _authority.Issue("CT1"));
        _authority.WriteRevocationList(List, revoked: revoked.Certificate);
        var port = Start(TlsRevocation.Load(List));

        Assert.NotEqual(0, (await EchoAsync(port, revoked)).ExitCode);
        var failure = Assert.Single(_failures);
        (await EchoAsync(port, neighbour)).Succeeded();
        Assert.Equal("tls.client-certificate", failure.Code);
        Assert.Contains("it has been revoked", failure.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_changes_counts_from_the_next_handshake()
    {
        var client = _authority.Issue("CT1");
        _authority.WriteRevocationList(List);
        var port = Start(TlsRevocation.Load(List));

        (await EchoAsync(port, client)).Succeeded();
        _authority.WriteRevocationList(List, revoked: client.Certificate);
        Assert.NotEqual(0, (await EchoAsync(port, client)).ExitCode);
    }

    [Fact]
    public async Task A_list_that_is_being_replaced_or_has_run_out_counts_on()
    {
        var (revoked, neighbour) = (_authority.Issue("lost"), _authority.Issue("CT1"));
        _authority.WriteRevocationList(List, days: -1, revoked: revoked.Certificate);
        var lists = TlsRevocation.Load(List);
        var port = Start(lists);
        await File.WriteAllTextAsync(List, "-----BEGIN X509 CRL-----\n", TestContext.Current.CancellationToken);

        Assert.NotEqual(0, (await EchoAsync(port, revoked)).ExitCode);
        (await EchoAsync(port, neighbour)).Succeeded();
        Assert.True(lists.NextUpdate < DateTimeOffset.UtcNow);
    }

    /// <summary>A list of another authority, and one that only claims to be of this one: neither says anything about this client.</summary>
    [Theory]
    [InlineData("Other authority")]
    [InlineData("Test authority")]
    public async Task A_client_whose_issuer_has_no_list_is_turned_away(string name)
    {
        using var other = new TestAuthority(name);
        other.WriteRevocationList(List);
        var port = Start(TlsRevocation.Load(List));

        Assert.NotEqual(0, (await EchoAsync(port, _authority.Issue("CT1"))).ExitCode);
        Assert.Contains("no revocation list", Assert.Single(_failures).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_destination_whose_certificate_was_revoked_gets_nothing()
    {
        var (revoked, good) = (_authority.Issue("pacs"), _authority.Issue("pacs"));
        _authority.WriteRevocationList(List, revoked: revoked.Certificate);

        Assert.Contains("it has been revoked", await EchoOutAsync(revoked), StringComparison.Ordinal);
        Assert.Null(await EchoOutAsync(good));
    }

    [Theory]
    [InlineData("nothing here")]
    [InlineData("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")]
    [InlineData(null)]
    public void A_file_without_a_list_is_refused(string? text)
    {
        if (text is not null)
            File.WriteAllText(List, text);
        Assert.Equal("tls.revocation", Assert.Throws<HSENetDicomException>(() => TlsRevocation.Load(List)).Code);
    }

    [Fact]
    public async Task Short_RSA_keys_are_refused_on_both_sides_and_long_ones_are_not()
    {
        var (shorter, longer) = (_authority.Issue("CT1", rsaBits: 1024), _authority.Issue("CT1", rsaBits: 2048));
        var own = Assert.Throws<HSENetDicomException>(() => TlsCertificate.Load(shorter.Certificate, shorter.Key));
        var authority = Assert.Throws<HSENetDicomException>(() => TlsAuthorities.Load(shorter.Certificate));
        TlsCertificate.Load(longer.Certificate, longer.Key).Dispose();
        var port = Start(null);

        (await EchoAsync(port, longer)).Succeeded();
        Assert.NotEqual(0, (await EchoAsync(port, shorter)).ExitCode);
        Assert.Equal(("tls.certificate", "tls.authorities"), (own.Code, authority.Code));
        Assert.Contains("1024 bits", own.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var world in _worlds)
            await world.DisposeAsync();
        _own.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    private int Start(TlsRevocation? revocation)
    {
        var world = ScpWorld.Start(o => o with
        {
            Tls = new TlsListening
            {
                Port = 0,
                Certificate = _own,
                ClientAuthorities = TlsAuthorities.Load(_authority.File),
                ClientRevocation = revocation,
                OnFailure = _failures.Enqueue,
            },
        });
        _worlds.Add(world);
        return world.Scp.TlsPort!.Value;
    }

    private Task<ToolResult> EchoAsync(int port, (string Certificate, string Key) client) => Dcmtk.EchoAsync(port, "HSENET", _authority.DcmtkOptions(client));

    private async Task<string?> EchoOutAsync((string Certificate, string Key) pacs)
    {
        await using var peer = await StoreScpProcess.StartAsync(options: _authority.DcmtkOptions(pacs));
        var calling = new TlsCalling { Authorities = TlsAuthorities.Load(_authority.File), Revocation = TlsRevocation.Load(List), Certificate = _own };
        var node = new RemoteNode("127.0.0.1", peer.Port, peer.AeTitle, "HSENET") { Tls = calling };
        return (await StoreScu.EchoAsync(node, TestContext.Current.CancellationToken))?.Detail;
    }
}
