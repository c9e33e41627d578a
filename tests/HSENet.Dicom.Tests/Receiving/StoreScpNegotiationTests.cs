using HSENet.Dicom.Receiving;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Receiving;

public sealed class StoreScpNegotiationTests
{
    private const string JpegLossless = "1.2.840.10008.1.2.4.70";
    private const string Jpeg2000 = "1.2.840.10008.1.2.4.90";
    private const string MrImageStorage = "1.2.840.10008.5.1.4.1.1.4";

    [Theory]
    [InlineData(RawPeer.ImplicitLittleEndian, RawPeer.ImplicitLittleEndian, RawPeer.ExplicitLittleEndian)]
    [InlineData(RawPeer.ExplicitLittleEndian, RawPeer.ExplicitLittleEndian, RawPeer.ImplicitLittleEndian)]
    [InlineData(RawPeer.ExplicitLittleEndian, Jpeg2000, RawPeer.ExplicitLittleEndian, RawPeer.ImplicitLittleEndian)]
    [InlineData(JpegLossless, JpegLossless, RawPeer.ExplicitLittleEndian)]
    [InlineData(JpegLossless, Jpeg2000, JpegLossless)]
    [InlineData(Jpeg2000, Jpeg2000, "1.2.840.10008.1.2.4.91")]
    [InlineData(JpegLossless, JpegLossless, Jpeg2000)]
    public async Task The_requestors_first_readable_syntax_is_taken_else_its_first_storable_one(string expected, params string[] proposed)
    {
        await using var world = ScpWorld.Start();
        await using var peer = await RawPeer.RequestAsync(world.Port, [(RawPeer.CtImageStorage, proposed)]);

        Assert.Equal((0, expected), RawPeer.Contexts((await peer.ReceivePduAsync()).Body)[1]);
    }

    [Fact]
    public async Task What_we_do_not_take_is_refused_by_context_and_the_association_stands()
    {
        await using var world = ScpWorld.Start();
        await using var peer = await RawPeer.RequestAsync(
            world.Port,
            [
                (MrImageStorage, [RawPeer.ImplicitLittleEndian]),
                (RawPeer.CtImageStorage, [RawPeer.ImplicitLittleEndian]),
                (RawPeer.CtImageStorage, ["1.2.840.10008.1.2.4.100"]),
                ("1.2.840.10008.1.20.1", [RawPeer.ImplicitLittleEndian]),
            ]);

        var contexts = RawPeer.Contexts((await peer.ReceivePduAsync()).Body);

        Assert.Equal([3, 0, 4, 3], new byte[] { 1, 3, 5, 7 }.Select(id => (int)contexts[id].Result));
        await peer.ReleaseAsync();
        Assert.Equal([AssociationEnd.Released], await world.EndsAsync(1));
        Assert.Empty(world.Receiver.Unusable);
    }

    [Fact]
    public async Task An_association_without_any_context_that_we_take_is_told_of()
    {
        await using var world = ScpWorld.Start();
        await using var peer = await RawPeer.RequestAsync(
            world.Port, [(MrImageStorage, [RawPeer.ImplicitLittleEndian]), (RawPeer.CtImageStorage, ["1.2.840.10008.1.2.4.100"])]);

        Assert.Equal([3, 4], RawPeer.Contexts((await peer.ReceivePduAsync()).Body).OrderBy(c => c.Key).Select(c => (int)c.Value.Result));

        Assert.Equal(Assert.Single(world.Receiver.Associations).Id, Assert.Single(world.Receiver.Unusable).Id);
    }

    [Theory]
    [InlineData("1.2.840.10008.5.1.4.1.1.2")]
    [InlineData("1.2.840.10008.5.1.4.1.1.2.1")]
    [InlineData("1.2.840.10008.5.1.4.1.1.2.2")]
    [InlineData("1.2.840.10008.5.1.4.1.1.7")]
    [InlineData("1.2.840.10008.5.1.4.1.1.88.11")]
    [InlineData("1.2.840.10008.5.1.4.1.1.88.22")]
    [InlineData("1.2.840.10008.5.1.4.1.1.88.33")]
    [InlineData("1.2.840.10008.5.1.4.1.1.88.34")]
    [InlineData("1.2.840.10008.5.1.4.1.1.88.59")]
    [InlineData("1.2.840.10008.5.1.4.1.1.88.67")]
    [InlineData("1.2.840.10008.5.1.4.1.1.7.2")]
    [InlineData("1.2.840.10008.1.1")]
    public async Task Every_class_of_a_CT_study_is_taken(string sopClass)
    {
        await using var world = ScpWorld.Start();
        await using var peer = await RawPeer.RequestAsync(world.Port, [(sopClass, [RawPeer.ImplicitLittleEndian])]);

        Assert.Equal(0, RawPeer.Contexts((await peer.ReceivePduAsync()).Body)[1].Result);
    }

    [Theory]
    [InlineData("1.2.840.10008.5.1.4.1.1.11.1")] // presentation state
    [InlineData("1.2.840.10008.5.1.4.1.1.66.4")] // segmentation
    [InlineData("1.2.840.10008.5.1.4.1.1.104.1")] // encapsulated PDF
    [InlineData("1.2.840.10008.5.1.4.1.1.4")] // MR
    [InlineData("1.2.840.113619.4.30")] // private
    public async Task Classes_that_nothing_here_has_a_use_for_are_refused_by_context(string sopClass)
    {
        await using var world = ScpWorld.Start();
        await using var peer = await RawPeer.RequestAsync(
            world.Port, [(sopClass, [RawPeer.ImplicitLittleEndian]), (RawPeer.Verification, [RawPeer.ImplicitLittleEndian])]);

        var contexts = RawPeer.Contexts((await peer.ReceivePduAsync()).Body);

        Assert.Equal((3, 0), (contexts[1].Result, contexts[3].Result));
        Assert.Equal(0x0000, await peer.EchoAsync());
    }

    [Fact]
    public async Task An_unlimited_asynchronous_window_is_answered_with_one_and_our_limits_are_told()
    {
        await using var world = ScpWorld.Start(options => options with { MaximumPduLength = 65536 });
        await using var peer = await RawPeer.RequestAsync(
            world.Port, [(RawPeer.Verification, [RawPeer.ImplicitLittleEndian])], userItems: RawPeer.Item(0x53, [0, 0, 0, 0]));

        var user = RawPeer.Items((await peer.ReceivePduAsync()).Body[68..]).Single(item => item.Type == 0x50);
        var items = RawPeer.Items(user.Value).ToDictionary(item => item.Type, item => item.Value);

        Assert.Equal([0, 1, 0, 1], items[0x53]);
        Assert.Equal([0, 1, 0, 0], items[0x51]);
        Assert.StartsWith("2.25.", System.Text.Encoding.ASCII.GetString(items[0x52]), StringComparison.Ordinal);
        Assert.Equal("HSENET_0.1", System.Text.Encoding.ASCII.GetString(items[0x55]).Trim());
    }

    [Fact]
    public async Task A_receiver_that_fails_at_the_association_rejects_it_as_transient()
    {
        await using var world = ScpWorld.Start();
        world.Receiver.Judge = _ => throw new InvalidOperationException("boom");
        await using var peer = await RawPeer.RequestAsync(world.Port, [(RawPeer.Verification, [RawPeer.ImplicitLittleEndian])]);

        var (type, body) = await peer.ReceivePduAsync();

        Assert.Equal(0x03, type);
        Assert.Equal([0, 2, 3, 1], body);
    }

    [Fact]
    public async Task A_port_in_use_is_said_at_the_start()
    {
        await using var world = ScpWorld.Start();

        var exception = Assert.Throws<HSENetDicomException>(() => ScpWorld.Start(options => options with { Port = world.Port }));

        Assert.Equal("receive.listen", exception.Code);
    }

    [Fact]
    public async Task Stopping_lets_a_running_association_finish_and_rejects_new_ones_as_transient()
    {
        await using var world = ScpWorld.Start();
        await using var running = await RawPeer.AssociateAsync(world.Port);
        var stopping = world.Scp.StopAsync(TimeSpan.FromSeconds(60));

        await using (var late = await RawPeer.RequestAsync(world.Port, [(RawPeer.Verification, [RawPeer.ImplicitLittleEndian])]))
            Assert.Equal([0, 2, 3, 1], (await late.ReceivePduAsync()).Body);
        Assert.Equal(0x0000, await running.EchoAsync());
        await running.ReleaseAsync();

        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal([AssociationEnd.Released], await world.EndsAsync(1));
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => RawPeer.ConnectAsync(world.Port));
    }

    [Fact]
    public async Task Stopping_aborts_what_does_not_end_in_time()
    {
        await using var world = ScpWorld.Start();
        await using var running = await RawPeer.AssociateAsync(world.Port);

        await world.Scp.StopAsync(TimeSpan.FromMilliseconds(200));

        Assert.Equal(0x07, (await running.ReceivePduAsync()).Type);
        Assert.Equal([AssociationEnd.Stopped], await world.EndsAsync(1));
    }
}
