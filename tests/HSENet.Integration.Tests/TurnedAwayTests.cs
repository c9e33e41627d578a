using System.Net.Sockets;
using HSENet.Dicom.Receiving;
using HSENet.TestKit;
using HSENet.Worker.Configuration;

namespace HSENet.Integration.Tests;

/// <summary>What is turned away is counted and audited, and costs no more than that.</summary>
public sealed class TurnedAwayTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Requests_that_are_refused_again_and_again_have_one_row()
    {
        await using var gateway = await RunningGateway.StartAsync();
        for (var i = 0; i < 100; i++)
        {
            await using var peer = await RawPeer.RequestAsync(
                gateway.Port, [(RawPeer.Verification, [RawPeer.ImplicitLittleEndian])], calledAe: "NOBODY", callingAe: $"CT{i % 2}");
            Assert.Equal(0x03, (await peer.ReceivePduAsync()).Type);
        }

        Assert.Equal(["ae:CT0 1", "ae:CT1 1"], await gateway.QueryAsync<string>(
            "select actor || ' ' || (details::jsonb ->> 'count') from audit.event where event = 'association.refused' order by event_id"));
    }

    [Fact]
    public async Task Who_has_no_source_is_closed_at_once_and_audited_once_and_the_other_is_served()
    {
        await using var gateway = await RunningGateway.StartAsync(
            "--HSENet:Dicom:Sources:0:AeTitle=RAWPEER", "--HSENet:Dicom:Sources:0:Address=127.0.0.1");
        for (var i = 0; i < 20; i++)
        {
            await using var stranger = await RawPeer.ConnectAsync(gateway.Port, "127.0.0.9");
            try
            {
                Assert.Equal(0, (await stranger.ReceivePduAsync()).Type);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // reset: closed all the same
            }
        }

        await using var known = await RawPeer.AssociateAsync(gateway.Port);
        Assert.Equal(0x0000, await known.EchoAsync());
        await Until.TrueAsync(
            async () => (await gateway.QueryAsync<string>("select reason || ' ' || (details::jsonb ->> 'host') from audit.event where event = 'connection.refused'"))
                .SequenceEqual(["connection.address 127.0.0.9"]),
            Deadline,
            "one row tells of them");
    }

    [Theory]
    [InlineData(true, 0x0110, "message.refused message.damaged 1")]
    [InlineData(false, 0x0110, "commitment.request-refused commitment.no-address 1")]
    public async Task What_is_answered_before_anything_is_stored_is_audited_with_its_association(bool mayAsk, int statusOfDamaged, string rowOfDamaged)
    {
        string[] source = ["--HSENet:Dicom:Sources:0:AeTitle=RAWPEER", "--HSENet:Dicom:Sources:0:Address=127.0.0.1"];
        await using var gateway = await RunningGateway.StartAsync(mayAsk ? [.. source, "--HSENet:Dicom:Sources:0:CommitmentPort=4242"] : source);
        await using (var peer = await RawPeer.RequestAsync(
            gateway.Port,
            [(RawPeer.CtImageStorage, [RawPeer.ExplicitLittleEndian]), (RawPeer.Verification, [RawPeer.ImplicitLittleEndian]),
                (RawPeer.StorageCommitment, [RawPeer.ImplicitLittleEndian])]))
        {
            Assert.Equal(0x02, (await peer.ReceivePduAsync()).Type);
            var (status, _) = await peer.StoreAsync("1.2.3", new byte[100], sopClassUid: "1.2.840.10008.5.1.4.1.1.128");
            Assert.Equal(0x0122, status);
            await peer.SendRequestAsync(1, 0x0001, RawPeer.CtImageStorage, new byte[100]); // without a SOP Instance UID
            Assert.Equal(0x0120, (await peer.ReceiveStatusAsync()).Status);
            await peer.SendRequestAsync(1, 0x0020, RawPeer.CtImageStorage, []);
            Assert.Equal(0x0211, (await peer.ReceiveStatusAsync()).Status);
            await peer.SendRequestAsync(1, 0x0130, RawPeer.CtImageStorage, [1, 2, 3]); // of no class that has an N-ACTION, and damaged
            Assert.Equal(0x0118, (await peer.ReceiveStatusAsync()).Status);
            await peer.SendRequestAsync(5, 0x0130, RawPeer.StorageCommitment, [1, 2, 3]);
            Assert.Equal(statusOfDamaged, (await peer.ReceiveStatusAsync()).Status);
            await peer.ReleaseAsync();
        }

        string[] expected =
        [
            "instance.refused instance.class 1", "instance.refused instance.uid 1", rowOfDamaged, "message.refused message.class 1",
            "message.refused message.operation 1",
        ];
        IReadOnlyList<string> rows = [];
        await Until.TrueAsync(
            async () => (rows = await gateway.QueryAsync<string>(
                "select event || ' ' || reason || ' ' || (details::jsonb ->> 'count') from audit.event where event like '%refused'")).Order(StringComparer.Ordinal).SequenceEqual(expected.Order(StringComparer.Ordinal)),
            Deadline,
            () => $"the refusals are audited; the rows are {string.Join(", ", rows)}");
        Assert.Equal(2, await gateway.CountAsync("select refused_count from association"));
    }

    [Fact]
    public async Task Addresses_of_one_network_of_IPv6_have_the_associations_of_one_address()
    {
        await using var world = await ServiceWorld.CreateAsync(s =>
        {
            s.Dicom.Sources.Add(new DicomSourceOptions { AeTitle = "CT1", Address = "2001:db8::/32" });
            s.Dicom.Limits.AssociationsPerAddress = 2;
        });
        async Task<bool> IsAcceptedAsync(string host) => await world.Get<IInstanceReceiver>().OnAssociationAsync(
            new AssociationContext(Guid.NewGuid(), "CT1", "HSENET", host, 4711), CancellationToken.None) is AssociationVerdict.Accept;

        Assert.True(await IsAcceptedAsync("2001:db8:1:2::1"));
        Assert.True(await IsAcceptedAsync("2001:db8:1:2::2"));
        Assert.False(await IsAcceptedAsync("2001:db8:1:2:ffff::3"));
        Assert.True(await IsAcceptedAsync("2001:db8:1:3::1"));
        Assert.Equal(["2001:db8:1:2:ffff::3 association.limit"], await world.QueryAsync<string>(
            "select (details::jsonb ->> 'host') || ' ' || reason from audit.event where event = 'association.refused'"));
    }

    /// <summary>What is too large was offered and is not here: the rest of its series is not the whole.</summary>
    [Fact]
    public async Task An_instance_that_is_too_large_is_missing_from_what_its_association_brought()
    {
        await using var gateway = await RunningGateway.StartAsync("--HSENet:Dicom:Limits:LargestInstance=1MiB");
        await using (var peer = await RawPeer.AssociateAsync(gateway.Port))
        {
            Assert.Equal(0xA700, (await peer.StoreAsync("1.2.3.4", new byte[2 << 20])).Status);
            await peer.ReleaseAsync();
        }

        await Until.TrueAsync(
            async () => (await gateway.QueryAsync<string>("select sop_instance_uid from unstored_instance")).SequenceEqual(["1.2.3.4"]), Deadline, "it is known to be missing");
        Assert.Equal(["instance.refused instance.limit"], await gateway.QueryAsync<string>("select event || ' ' || reason from audit.event where event like 'instance.%'"));
    }
}
