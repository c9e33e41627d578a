using System.Net;
using System.Net.Sockets;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;
using FellowOakDicom.Network.Tls;
using HSENet.Dicom.Security;
using HSENet.Dicom.Sending;
using HSENet.Dicom.Tests.Guarding;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Sending;

/// <summary>A toolkit that opens connections without calling the hook by which they get their guard, and TLS.</summary>
[Trait(SharedProtection.Trait, SharedProtection.Shared)]
public sealed class UnguardedToolkitTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_opened_to_any_peer_by_a_toolkit_that_never_calls_the_hook(bool isTls)
    {
        using var peer = new TcpListener(IPAddress.Loopback, 0);
        peer.Start();
        using var authority = new TestAuthority();
        var node = new RemoteNode("127.0.0.1", ((IPEndPoint)peer.LocalEndpoint).Port, "PACS", "HSENET")
        {
            Tls = isTls ? new TlsCalling { Authorities = TlsAuthorities.Load(authority.File) } : null,
        };
        var clients = new GuardedClients((host, port, _, calling, called) => DicomClientFactory.Create(host, port, null, calling, called));

        var outcomes = await Task.WhenAll(SendAsync(node, clients), SendAsync(node, clients)).WaitAsync(Deadline);

        Assert.All(outcomes, o => Assert.Equal(("delivery.unguarded", false), (o.Failure?.Code, o.Failure?.IsTransient)));
        Assert.All(outcomes, o => Assert.Equal(0, o.Responses));
        Assert.False(peer.Pending());
    }

    [Fact]
    public async Task An_association_whose_connection_did_not_pass_the_guard_ends_before_anything_is_sent()
    {
        await using var pacs = await StoreScpProcess.StartAsync();
        var node = new RemoteNode("127.0.0.1", pacs.Port, pacs.AeTitle, "HSENET");
        var clients = Without(pacs.Port, hook => null);

        var (failure, responses) = await SendAsync(node, clients).WaitAsync(Deadline);

        Assert.Equal(("delivery.unguarded", false, 0), (failure?.Code, failure?.IsTransient, responses));
        Assert.Empty(pacs.Files());
        Assert.Null(await StoreScu.EchoAsync(node, TestContext.Current.CancellationToken)); // it has served the association to its end
        Assert.Empty(pacs.Files());
    }

    [Fact]
    public async Task A_toolkit_that_calls_the_hook_and_goes_on_without_its_stream_sends_nothing_either()
    {
        await using var pacs = await StoreScpProcess.StartAsync();
        var node = new RemoteNode("127.0.0.1", pacs.Port, pacs.AeTitle, "HSENET");

        var (failure, _) = await SendAsync(node, Without(pacs.Port, hook => new Ignored(hook))).WaitAsync(Deadline);

        Assert.Equal("delivery.unguarded", failure?.Code);
        Assert.Null(await StoreScu.EchoAsync(node, TestContext.Current.CancellationToken));
        Assert.Empty(pacs.Files());
    }

    /// <summary>Passes the trial and is another one for this port.</summary>
    private static GuardedClients Without(int weakPort, Func<ITlsInitiator, ITlsInitiator?> weaken) => new(
        (host, port, hook, calling, called) =>
            DicomClientFactory.Create(host, port, port == weakPort ? weaken(hook) : hook, calling, called));

    private static async Task<(SendOutcome.Failed? Failure, int Responses)> SendAsync(RemoteNode node, GuardedClients clients)
    {
        var responses = 0;
        await using var association = new ScuAssociation(node, ScuLimits.Default, clients);
        var request = new DicomCStoreRequest(SampleReport.Create());
        request.OnResponseReceived = (_, _) => Interlocked.Increment(ref responses);
        await association.AddAsync(request);
        return (await association.RunAsync(TestContext.Current.CancellationToken), responses);
    }

    private sealed class Ignored(ITlsInitiator hook) : ITlsInitiator
    {
        public Stream InitiateTls(Stream plainStream, string remoteAddress, int remotePort)
        {
            hook.InitiateTls(plainStream, remoteAddress, remotePort);
            return plainStream;
        }
    }
}
