using HSENet.Dicom.Guarding;
using HSENet.Dicom.Receiving;
using HSENet.Dicom.Tests.Files;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Receiving;

/// <summary>What one peer may have of the SCP, and what is left for others.</summary>
public sealed class StoreScpLimitTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly byte[] DataSet = new DataSetBytes().Identity().Element(0x7FE00010, "OW", new byte[100_000]).ToArray();

    [Fact]
    public async Task A_caller_whose_address_nobody_has_is_closed_at_once()
    {
        await using var world = ScpWorld.Start();
        world.Receiver.AdmitsHost = host => host != "127.0.0.9";
        await using var stranger = await RawPeer.ConnectAsync(world.Port, "127.0.0.9");

        Assert.Equal(0, (await stranger.ReceivePduAsync()).Type);
        Assert.Equal(new RefusedConnection("127.0.0.9", "connection.address", "no source covers the address"), world.Receiver.RefusedConnections.Single());
        await using var known = await RawPeer.AssociateAsync(world.Port);
        Assert.Equal(0x0000, await known.EchoAsync());
    }

    [Fact]
    public async Task An_address_that_holds_nothing_is_served_while_64_others_hold_all_they_may()
    {
        await using var world = ScpWorld.Start(o => o with { Limits = new ConnectionLimits { Connections = 140 } });
        var held = new List<RawPeer>();
        try
        {
            for (var round = 0; round < 3; round++)
            {
                for (var i = 0; i < 64; i++)
                    held.Add(await RawPeer.ConnectAsync(world.Port, $"127.0.1.{i + 1}"));
            }

            await Until.TrueAsync(() => world.Receiver.RefusedConnections.Any(r => r.Code == "connection.limit"), Deadline, "they hold all they may");
            await using var late = await RawPeer.AssociateAsync(world.Port);
            Assert.Equal(0x0000, (await late.StoreAsync("1.2.3.4", DataSet)).Status);
        }
        finally
        {
            foreach (var peer in held)
                await peer.DisposeAsync();
        }
    }

    [Fact]
    public async Task One_address_has_30_associations_at_a_time_and_places_come_back()
    {
        await using var world = ScpWorld.Start();
        for (var round = 0; round < 3; round++)
        {
            var peers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => RawPeer.AssociateAsync(world.Port)));
            foreach (var peer in peers)
            {
                Assert.Equal(0x0000, await peer.EchoAsync());
                await peer.DisposeAsync();
            }
        }

        Assert.Empty(world.Receiver.RefusedConnections);
    }

    [Fact]
    public async Task Who_sends_too_slowly_is_ended_and_who_only_waits_is_not()
    {
        await using var world = ScpWorld.Start(o => o with
        {
            Limits = new ConnectionLimits { MinimumRate = 100_000, RateGrace = TimeSpan.FromSeconds(1) },
        });
        await using var waiting = await RawPeer.AssociateAsync(world.Port);
        await using var slow = await RawPeer.AssociateAsync(world.Port);
        await slow.SendStoreAsync("1.2.2", DataSet, cutAt: 32_000);

        Assert.Equal(0x07, (await slow.ReceivePduAsync()).Type);
        Assert.Equal("connection.slow", Assert.Single(world.Receiver.RefusedConnections).Code);
        Assert.Equal(0x0000, (await waiting.StoreAsync("1.2.3.4", DataSet)).Status);
        Assert.Single(await world.EndsAsync(1));
    }

    [Fact]
    public async Task An_association_ends_when_it_has_lasted_too_long()
    {
        await using var world = ScpWorld.Start(o => o with { Limits = new ConnectionLimits { LongestAssociation = TimeSpan.FromSeconds(2) } });
        await using var peer = await RawPeer.AssociateAsync(world.Port);
        Assert.Equal(0x0000, await peer.EchoAsync());

        Assert.Equal(0x07, (await peer.ReceivePduAsync()).Type);
        Assert.Equal("connection.long", Assert.Single(world.Receiver.RefusedConnections).Code);
    }

    [Fact]
    public async Task An_instance_that_is_too_large_is_dropped_before_its_rest_has_come()
    {
        await using var world = ScpWorld.Start(o => o with { Limits = new ConnectionLimits { LargestInstance = DataSet.Length + 1000 } });
        await using var peer = await RawPeer.AssociateAsync(world.Port);
        Assert.Equal(0x0000, (await peer.StoreAsync("1.2.1", DataSet)).Status);

        await peer.SendStoreAsync("1.2.2", new byte[1_000_000], messageId: 2, cutAt: 900_000);
        await Until.TrueAsync(() => !world.Receiver.Dropped.IsEmpty, Deadline, "it was dropped");
        await peer.SendDataAsync(1, 2, [0, 0]);

        Assert.Equal(0xA700, (await peer.ReceiveStatusAsync()).Status);
        Assert.Equal("instance.limit", Assert.Single(world.Receiver.RefusedMessages).Code);
        Assert.Equal(0x0000, (await peer.StoreAsync("1.2.3", DataSet, messageId: 3)).Status);
    }

    [Fact]
    public async Task What_the_toolkit_answers_itself_is_told_and_what_a_sink_refuses_is_not()
    {
        await using var world = ScpWorld.Start();
        world.Receiver.Complete = (incoming, _) => new(new StoreReply(incoming.SopInstanceUid == "1.2.1" ? (ushort)0xA900 : (ushort)0));
        await using var peer = await RawPeer.AssociateAsync(world.Port);

        Assert.Equal(0xA900, (await peer.StoreAsync("1.2.1", DataSet)).Status);
        Assert.Equal(0x0122, (await peer.StoreAsync("1.2.2", DataSet, sopClassUid: "1.2.840.10008.5.1.4.1.1.128")).Status);
        await peer.SendRequestAsync(1, 0x0130, RawPeer.CtImageStorage, [1, 2, 3]);
        Assert.Equal(0x0118, (await peer.ReceiveStatusAsync()).Status);
        await peer.SendRequestAsync(1, 0x0020, RawPeer.CtImageStorage, []);
        Assert.Equal(0x0211, (await peer.ReceiveStatusAsync()).Status);

        Assert.Equal(["instance.class", "message.class", "message.operation"], world.Receiver.RefusedMessages.Select(m => m.Code));
        Assert.Equal([true, false, false], world.Receiver.RefusedMessages.Select(m => m.IsInstance));
    }
}
