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
        var clients = new GuardedClients((host, port, _, calling, called) => DicomClientFactory.Create(host, port, null, calling, called)) { Limit = Deadline };

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

    /// <summary>On a machine that is short of time the toolkit comes to call the hook when nobody waits for it any more.</summary>
    [Fact]
    public async Task A_toolkit_that_is_late_to_call_the_hook_is_not_taken_for_one_that_does_not()
    {
        await using var pacs = await StoreScpProcess.StartAsync();
        var node = new RemoteNode("127.0.0.1", pacs.Port, pacs.AeTitle, "HSENET");
        using var isTime = new ManualResetEventSlim();
        var clients = new GuardedClients((host, port, hook, calling, called) => DicomClientFactory.Create(host, port, new Late(hook, isTime), calling, called))
        {
            Limit = TimeSpan.FromMilliseconds(200),
        };

        var (failure, responses) = await SendAsync(node, clients).WaitAsync(Deadline);
        Assert.Equal(("delivery.unreachable", true, 0), (failure?.Code, failure?.IsTransient, responses)); // and nothing is sent meanwhile

        isTime.Set();
        await Until.TrueAsync(async () => (await SendAsync(node, clients)) is (null, 1), Deadline, "it is sent once the hook is called in time");
    }

    [Fact]
    public async Task What_a_look_at_the_toolkit_has_found_stands_until_a_later_one_finds_the_guard_in_place()
    {
        await using var pacs = await StoreScpProcess.StartAsync();
        var node = new RemoteNode("127.0.0.1", pacs.Port, pacs.AeTitle, "HSENET");
        var isWeak = true;
        var clients = new GuardedClients((host, port, hook, calling, called) =>
            DicomClientFactory.Create(host, port, Volatile.Read(ref isWeak) && port != pacs.Port ? null : hook, calling, called))
        {
            Limit = Deadline,
        };
        for (var i = 0; i < 2; i++)
            Assert.Equal("delivery.unguarded", (await SendAsync(node, clients).WaitAsync(Deadline)).Failure?.Code);
        Assert.Empty(pacs.Files());

        Volatile.Write(ref isWeak, false);
        Assert.Equal((null, 1), await SendAsync(node, clients).WaitAsync(Deadline));
    }

    /// <summary>Passes the trial and is another one for this port.</summary>
    private static GuardedClients Without(int weakPort, Func<ITlsInitiator, ITlsInitiator?> weaken) => new(
        (host, port, hook, calling, called) =>
            DicomClientFactory.Create(host, port, port == weakPort ? weaken(hook) : hook, calling, called))
    {
        Limit = Deadline,
    };

    private static async Task<(SendOutcome.Failed? Failure, int Responses)> SendAsync(RemoteNode node, GuardedClients clients)
    {
        var responses = 0;
        await using var association = new ScuAssociation(node, ScuLimits.Default, clients);
        var request = new DicomCStoreRequest(SampleReport.Create());
        request.OnResponseReceived = (_, _) => Interlocked.Increment(ref responses);
        await association.AddAsync(request);
        return (await association.RunAsync(TestContext.Current.CancellationToken), responses);
    }

    private sealed class Late(ITlsInitiator hook, ManualResetEventSlim isTime) : ITlsInitiator
    {
        public Stream InitiateTls(Stream plainStream, string remoteAddress, int remotePort)
        {
            isTime.Wait(Deadline);
            return hook.InitiateTls(plainStream, remoteAddress, remotePort);
        }
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
