using HSENet.Dicom.Security;
using HSENet.Dicom.Sending;
using HSENet.Dicom.Tests.Sending;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Security;

/// <summary>Sending over TLS to DCMTK's storescp.</summary>
public sealed class TlsScuTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new("Other authority");
    private readonly TlsCertificate _own;

    public TlsScuTests()
    {
        var (certificate, key) = _authority.Issue("hsenet");
        _own = TlsCertificate.Load(certificate, key);
    }

    [Fact]
    public async Task A_report_goes_to_a_peer_that_demands_a_certificate()
    {
        await using var pacs = await PacsAsync(_authority.Issue("pacs"));
        var node = Node(pacs, Calling());

        Assert.Null(await StoreScu.EchoAsync(node, TestContext.Current.CancellationToken));
        Assert.IsType<SendOutcome.Stored>(await SendAsync(node));
        Assert.Single(await pacs.WaitForFilesAsync(1, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Without_our_certificate_such_a_peer_takes_nothing()
    {
        await using var pacs = await PacsAsync(_authority.Issue("pacs"));
        var failed = Assert.IsType<SendOutcome.Failed>(await SendAsync(Node(pacs, Calling() with { Certificate = null })));

        Assert.True(failed.IsTransient);
        Assert.Empty(pacs.Files());
    }

    [Fact]
    public async Task A_peer_of_another_authority_gets_nothing()
    {
        await using var pacs = await PacsAsync(_other.Issue("pacs"));
        await AssertRefusedAsync(pacs, Calling(), "not accepted");
    }

    [Fact]
    public async Task A_peer_with_an_expired_certificate_gets_nothing()
    {
        await using var pacs = await PacsAsync(_authority.Issue("pacs", days: -2));
        await AssertRefusedAsync(pacs, Calling(), "NotTimeValid");
    }

    [Fact]
    public async Task A_peer_whose_certificate_bears_another_name_gets_nothing_unless_that_name_is_expected()
    {
        await using var pacs = await PacsAsync(_authority.Issue("pacs", ["pacs.example"]));
        await AssertRefusedAsync(pacs, Calling(), "another name");

        Assert.IsType<SendOutcome.Stored>(await SendAsync(Node(pacs, Calling() with { PeerName = "pacs.example" })));
    }

    [Fact]
    public async Task A_peer_without_TLS_gets_nothing()
    {
        await using var pacs = await StoreScpProcess.StartAsync();
        var failed = Assert.IsType<SendOutcome.Failed>(await SendAsync(Node(pacs, Calling())));

        Assert.Equal("delivery.tls", failed.Code);
        Assert.True(failed.IsTransient);
        Assert.Empty(pacs.Files());
    }

    [Fact]
    public void Files_that_do_not_fit_are_named()
    {
        var (certificate, _) = _authority.Issue();
        var (_, key) = _authority.Issue();

        var pair = Assert.Throws<HSENetDicomException>(() => TlsCertificate.Load(certificate, key));
        var missing = Assert.Throws<HSENetDicomException>(() => TlsCertificate.Load("/nowhere.pem", key));
        var empty = Assert.Throws<HSENetDicomException>(() => TlsAuthorities.Load(key));

        Assert.Equal(("tls.certificate", "tls.certificate", "tls.authorities"), (pair.Code, missing.Code, empty.Code));
        Assert.Contains(certificate, pair.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _own.Dispose();
        _authority.Dispose();
        _other.Dispose();
    }

    private static async Task AssertRefusedAsync(StoreScpProcess pacs, TlsCalling calling, string reason)
    {
        var failed = Assert.IsType<SendOutcome.Failed>(await SendAsync(Node(pacs, calling)));
        Assert.Equal("delivery.tls", failed.Code);
        Assert.Contains(reason, failed.Detail, StringComparison.Ordinal);
        Assert.Empty(pacs.Files());
    }

    private static async Task<SendOutcome> SendAsync(RemoteNode node) =>
        Assert.Single(await StoreScu.SendAsync(node, [SampleReport.Create()], null, TestContext.Current.CancellationToken));

    private static RemoteNode Node(StoreScpProcess pacs, TlsCalling calling) =>
        new("127.0.0.1", pacs.Port, pacs.AeTitle, "HSENET") { Tls = calling };

    private Task<StoreScpProcess> PacsAsync((string Certificate, string Key) certificate) =>
        StoreScpProcess.StartAsync(options: _authority.DcmtkOptions(certificate));

    private TlsCalling Calling() => new() { Authorities = TlsAuthorities.Load(_authority.File), Certificate = _own };
}
