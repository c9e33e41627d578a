using FellowOakDicom.Network;

namespace HSENet.Toolkit.Tests.Network;

/// <summary>What port scanners, broken peers and worse send.</summary>
public sealed class MalformedInputTests
{
    private const byte Provider = 2;
    private const byte Unrecognized = 1;
    private const byte Unexpected = 2;
    private const byte Invalid = 6;

    public static TheoryData<string, byte[]> Foreign { get; } = new()
    {
        { "web", Wire.Ascii("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") },
        { "tls", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03] },
        { "zeros", new byte[64] },
        { "type 8", Wire.Pdu(8, new byte[4]) },
        { "noise", [0xFF, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] },
    };

    public static TheoryData<string, byte[], byte> BeforeAssociation { get; } = new()
    {
        { "request of 2 GB", [1, 0, 0x7F, 0xFF, 0xFF, 0xFF], Invalid },
        { "request of 4 GB", [1, 0, 0xFF, 0xFF, 0xFF, 0xFF], Invalid },
        { "request over 64 KiB", [1, 0, 0, 1, 0, 1], Invalid },
        { "data of 2 GB", [4, 0, 0x7F, 0xFF, 0xFF, 0xFF], Invalid },
        { "data", [4, 0, 0, 0, 0, 100], Unexpected },
        { "acceptance", [2, 0, 0, 0, 0, 100], Unexpected },
        { "release", Wire.Pdu(5, new byte[4]), Unexpected },
        { "release response", Wire.Pdu(6, new byte[4]), Unexpected },
        { "rejection", Wire.Pdu(3, new byte[4]), Unexpected },
        { "empty request", Wire.Pdu(1, []), Invalid },
        { "item longer than the request", Wire.AssociateRequest([0x20, 0, 0xFF, 0xFF, 1]), Invalid },
        { "context without abstract syntax", Wire.AssociateRequest(Wire.Item(0x20, [1, 0, 0, 0])), Invalid },
        { "even context", Wire.AssociateRequest(Wire.Context(2, Wire.Verification, Wire.ImplicitLittle)), Invalid },
        {
            "context proposed twice",
            Wire.AssociateRequest(Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.Context(1, Wire.Verification, Wire.ImplicitLittle)),
            Invalid
        },
        { "maximum length of 7", Wire.AssociateRequest(Wire.UserInformation(7)), Invalid },
        { "short role", Wire.AssociateRequest(Wire.UserInformation(0, Wire.Item(0x54, Wire.Big16(50), [1]))), Invalid },
    };

    public static TheoryData<string, byte[], byte> InsideAssociation { get; } = new()
    {
        { "type 0", [0, 0, 0, 0, 0, 4], Unrecognized },
        { "second request", [1, 0, 0, 0, 0, 100], Unexpected },
        { "release response", Wire.Pdu(6, new byte[4]), Unexpected },
        { "data over our maximum", [4, 0, 0, 4, 0, 1], Invalid },
        { "data of 2 GB", [4, 0, 0x80, 0, 0, 0], Invalid },
        { "release of 1 MB", [5, 0, 0, 0x10, 0, 0], Invalid },
        { "no value", Wire.Pdu(4, []), Invalid },
        { "stub of a value", Wire.Pdu(4, [0, 0, 0]), Invalid },
        { "value longer than its PDU", Wire.Pdu(4, [0, 0, 1, 0, 1, 3, 0, 0]), Invalid },
        { "value of 4 GB", Wire.Pdu(4, [0xFF, 0xFF, 0xFF, 0xFF, 1, 3, 0, 0]), Invalid },
        { "value too short for its header", Wire.Pdu(4, [0, 0, 0, 1, 1, 3, 0]), Invalid },
        { "unknown context", Wire.Pdu(4, Wire.Pdv(9, true, true, Wire.EchoCommand(1))), Invalid },
        { "refused context", Wire.Pdu(4, Wire.Pdv(7, true, true, Wire.EchoCommand(1))), Invalid },
        { "data before a command", Wire.Pdu(4, Wire.Pdv(3, false, true, [0, 0])), Invalid },
        { "command inside data", Wire.Pdu(4, Wire.Pdv(3, true, true, Wire.StoreCommand(1)), Wire.Pdv(3, true, true, Wire.EchoCommand(2))), Invalid },
        { "data in another context", Wire.Pdu(4, Wire.Pdv(3, true, true, Wire.StoreCommand(1)), Wire.Pdv(5, false, true, [0, 0])), Invalid },
        { "command in two contexts", Wire.Pdu(4, Wire.Pdv(3, true, false, [0, 0]), Wire.Pdv(1, true, true, [0, 0])), Invalid },
        { "command of another group", Wire.Pdu(4, Wire.Pdv(1, true, true, [8, 0, 5, 0, 0, 0, 0, 0])), Invalid },
        { "element longer than its command", Wire.Pdu(4, Wire.Pdv(1, true, true, [0, 0, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF])), Invalid },
        { "half an element", Wire.Pdu(4, Wire.Pdv(1, true, true, [0, 0, 2])), Invalid },
        {
            "command over 64 KiB",
            Wire.Pdu(4, Wire.Pdv(1, true, false, new byte[60000]), Wire.Pdv(1, true, false, new byte[60000])),
            Invalid
        },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task Bytes_that_are_no_dicom_close_the_connection_without_an_answer(string name, byte[] bytes)
    {
        _ = name;
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(bytes);

        await peer.ExpectClosedAsync();
        Assert.NotNull(await script.ClosedAsync());
        Assert.Empty(script.Associations);
        await ExpectAliveAsync(server);
    }

    [Theory]
    [MemberData(nameof(BeforeAssociation))]
    public async Task A_broken_or_unexpected_pdu_before_the_association_is_aborted(string name, byte[] bytes, byte reason)
    {
        _ = name;
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(bytes);

        await peer.ExpectAbortAsync(Provider, reason);
        Assert.Empty(script.Associations);
        await ExpectAliveAsync(server);
    }

    [Theory]
    [MemberData(nameof(InsideAssociation))]
    public async Task A_broken_or_unexpected_pdu_inside_the_association_is_aborted(string name, byte[] bytes, byte reason)
    {
        _ = name;
        var script = new Script();
        using var server = TestServer.Start<RawScp>(script);
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Wire.AssociateRequest(
            Wire.Context(1, Wire.Verification, Wire.ImplicitLittle),
            Wire.Context(3, Wire.CtImageStorage, Wire.ImplicitLittle),
            Wire.Context(5, Wire.CtImageStorage, Wire.ImplicitLittle),
            Wire.Context(7, Wire.SecondaryCapture, Wire.ImplicitLittle),
            Wire.UserInformation(0)));
        await peer.ReadAsync(2);
        await peer.SendAsync(bytes);

        await peer.ExpectAbortAsync(Provider, reason);
        Assert.Empty(script.Stored);
        peer.Dispose();
        Assert.IsAssignableFrom<DicomNetworkException>(await script.ClosedAsync());
        await ExpectAliveAsync(server);
    }

    [Fact]
    public async Task Claimed_lengths_cost_no_memory()
    {
        var script = new Script();
        using var server = TestServer.Start<ScriptedScp>(script);
        await ExpectAliveAsync(server);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peers = new List<RawPeer>();
        for (var i = 0; i < 40; i++)
        {
            var peer = await RawPeer.ConnectAsync(server.Port);
            await peer.SendAsync([1, 0, 0x7F, 0xFF, 0xFF, 0xFF]);
            await peer.ExpectAbortAsync(Provider, Invalid);
            peers.Add(peer);
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64L * 1024 * 1024);
        peers.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public async Task A_maximum_of_our_own_is_declared_and_kept()
    {
        using var server = TestServer.Start<RawScp>(new Script());
        server.Options.MaxPDULength = 16384;
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Wire.AssociateRequest(Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0)));
        var declared = RawPeer.UserInformation(await peer.ReadAsync(2)).Single(i => i.Type == 0x51).Body;
        Assert.Equal(Wire.Big32(16384), declared);

        await peer.SendAsync([4, 0, .. Wire.Big32(16385)]);
        await peer.ExpectAbortAsync(Provider, Invalid);
    }

    [Fact]
    public async Task No_option_lifts_the_hard_cap_of_one_mebibyte()
    {
        using var server = TestServer.Start<RawScp>(new Script());
        server.Options.MaxPDULength = 0;
        using var peer = await RawPeer.ConnectAsync(server.Port);
        await peer.SendAsync(Wire.AssociateRequest(Wire.Context(1, Wire.Verification, Wire.ImplicitLittle), Wire.UserInformation(0)));
        var declared = RawPeer.UserInformation(await peer.ReadAsync(2)).Single(i => i.Type == 0x51).Body;
        Assert.Equal(Wire.Big32(1024 * 1024), declared);

        await peer.SendAsync([4, 0, .. Wire.Big32(1024 * 1024 + 1)]);
        await peer.ExpectAbortAsync(Provider, Invalid);
    }

    private static async Task ExpectAliveAsync(IDicomServer server)
    {
        using var peer = await RawPeer.AssociatedAsync(server.Port);
        await peer.SendEchoAsync(9);
        Assert.Equal(0, (await peer.ReadResponseAsync()).Status);
    }
}
