using HSENet.Dicom.Receiving;
using HSENet.Dicom.Tests.Files;
using HSENet.Dicom.Tests.Guarding;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Receiving;

/// <summary>The SCP with peers and sinks that misbehave.</summary>
[Trait(SharedProtection.Trait, SharedProtection.Shared)]
public sealed class StoreScpHostileTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly byte[] DataSet = new DataSetBytes().Identity().Element(0x7FE00010, "OW", new byte[100_000]).ToArray();

    [Theory]
    [InlineData("40-sequence-depth-200.dcm")]
    [InlineData("41-sequence-depth-20000.dcm")]
    [InlineData("43-sequence-depth-20000-open.dcm")]
    public async Task A_nesting_bomb_is_taken_as_bytes_and_the_association_lives(string file)
    {
        var bytes = await File.ReadAllBytesAsync(SharedData.Path($"data/bad-input/files/{file}"));
        var dataSet = RawPeer.DataSetOf(bytes);
        await using var world = ScpWorld.Start();
        await using var peer = await RawPeer.AssociateAsync(world.Port);

        Assert.Equal(0x0000, (await peer.StoreAsync("1.2.3.4", dataSet)).Status);
        Assert.Equal(0x0000, await peer.EchoAsync());
        await peer.ReleaseAsync();

        var received = await File.ReadAllBytesAsync(Assert.Single(world.Receiver.Files).Path);
        Assert.Equal(dataSet, received[^dataSet.Length..]);
        Assert.Equal(0, (await Dcmtk.EchoAsync(world.Port, "HSENET")).ExitCode);
    }

    [Fact]
    public async Task An_exception_when_an_instance_completes_becomes_status_0110_and_the_association_lives()
    {
        await using var world = ScpWorld.Start();
        world.Receiver.Complete = (incoming, _) =>
            incoming.SopInstanceUid == "1.2.1" ? throw new InvalidOperationException("boom") : new(StoreReply.Success);
        await using var peer = await RawPeer.AssociateAsync(world.Port);

        Assert.Equal(0x0110, (await peer.StoreAsync("1.2.1", DataSet)).Status);
        Assert.Equal(0x0000, (await peer.StoreAsync("1.2.2", DataSet)).Status);
        Assert.Equal(0x0000, await peer.EchoAsync());
        await peer.ReleaseAsync();

        Assert.Equal([AssociationEnd.Released], await world.EndsAsync(1));
        Assert.Equal("1.2.1", Assert.Single(world.Receiver.Dropped).SopInstanceUid);
    }

    [Fact]
    public async Task An_exception_before_the_first_byte_becomes_status_0110()
    {
        await using var world = ScpWorld.Start();
        world.Receiver.OnBegin = incoming => _ = incoming.SopInstanceUid == "1.2.1" ? throw new InvalidOperationException("boom") : 0;
        await using var peer = await RawPeer.AssociateAsync(world.Port);

        Assert.Equal(0x0110, (await peer.StoreAsync("1.2.1", DataSet)).Status);
        Assert.Equal(0x0000, (await peer.StoreAsync("1.2.2", DataSet)).Status);
    }

    [Fact]
    public async Task A_full_disk_becomes_status_A700_and_the_part_written_is_dropped()
    {
        await using var world = ScpWorld.Start();
        var writes = 0;
        world.Receiver.OnWrite = incoming =>
        {
            if (incoming.SopInstanceUid == "1.2.1" && ++writes == 3)
                throw new IOException("No space left on device", 28);
        };
        await using var peer = await RawPeer.AssociateAsync(world.Port);

        Assert.Equal(0xA700, (await peer.StoreAsync("1.2.1", DataSet)).Status);
        Assert.Equal(0x0000, (await peer.StoreAsync("1.2.2", DataSet)).Status);

        Assert.Equal("1.2.1", Assert.Single(world.Receiver.Dropped).SopInstanceUid);
        Assert.Equal("1.2.2", Assert.Single(world.Receiver.Files).Incoming.SopInstanceUid);
    }

    [Fact]
    public async Task A_long_comment_is_cut_to_what_the_response_can_hold()
    {
        await using var world = ScpWorld.Start();
        world.Receiver.Complete = (_, _) => new(new StoreReply(0xC001, new string('x', 60) + "\\\nyyyyyyyyyyyyy"));
        await using var peer = await RawPeer.AssociateAsync(world.Port);

        var (status, comment) = await peer.StoreAsync("1.2.3", DataSet);

        Assert.Equal(0xC001, status);
        Assert.Equal(new string('x', 60) + "  yy", comment);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("1.2.3/4")]
    [InlineData("1..2")]
    public async Task An_instance_UID_that_is_none_reaches_no_name_and_is_never_a_success(string uid)
    {
        await using var world = ScpWorld.Start();
        var begun = new List<string>();
        world.Receiver.OnBegin = incoming => begun.Add(incoming.SopInstanceUid);
        await using var peer = await RawPeer.AssociateAsync(world.Port);

        Assert.Equal(0x0117, (await peer.StoreAsync(uid, DataSet)).Status);

        Assert.Equal([""], begun);
        Assert.Equal(0x0000, (await peer.StoreAsync("1.2.3", DataSet)).Status);
    }

    [Fact]
    public async Task An_abort_in_the_middle_of_an_instance_drops_it_and_is_reported_once()
    {
        await using var world = ScpWorld.Start();
        await using var peer = await RawPeer.AssociateAsync(world.Port);
        await peer.StoreAsync("1.2.1", DataSet);

        await peer.SendStoreAsync("1.2.2", DataSet, cutAt: 48_000);
        await peer.AbortAsync();

        Assert.Equal([AssociationEnd.Aborted], await world.EndsAsync(1));
        Assert.Equal(TimeSpan.Zero, Assert.Single(world.Receiver.Silences));
        Assert.Equal("1.2.2", Assert.Single(world.Receiver.Dropped).SopInstanceUid);
        Assert.Equal("1.2.1", Assert.Single(world.Receiver.Files).Incoming.SopInstanceUid);
        await world.Scp.StopAsync(TimeSpan.Zero);
        Assert.Single(world.Receiver.Ends);
    }

    [Fact]
    public async Task A_lost_connection_in_the_middle_of_an_instance_drops_it_and_is_reported_once()
    {
        await using var world = ScpWorld.Start();
        var peer = await RawPeer.AssociateAsync(world.Port);
        await peer.SendStoreAsync("1.2.2", DataSet, cutAt: 48_000);
        await peer.DisposeAsync();

        Assert.Equal([AssociationEnd.ConnectionLost], await world.EndsAsync(1));
        Assert.Single(world.Receiver.Dropped);
        await world.Scp.StopAsync(TimeSpan.Zero);
        Assert.Single(world.Receiver.Ends);
    }

    [Fact]
    public async Task A_silent_association_is_aborted()
    {
        await using var world = ScpWorld.Start(options => options with { IdleTimeout = TimeSpan.FromSeconds(1) });
        await using var peer = await RawPeer.AssociateAsync(world.Port);
        await peer.SendStoreAsync("1.2.2", DataSet, cutAt: 16_000);

        Assert.Equal(0x07, (await peer.ReceivePduAsync()).Type);

        Assert.Equal([AssociationEnd.TimedOut], await world.EndsAsync(1));
        Assert.True(Assert.Single(world.Receiver.Silences) > TimeSpan.FromSeconds(1));
        Assert.Single(world.Receiver.Dropped);
    }

    [Fact]
    public async Task A_slow_receiver_is_not_taken_for_a_silent_peer()
    {
        await using var world = ScpWorld.Start(options => options with { IdleTimeout = TimeSpan.FromSeconds(1) });
        world.Receiver.Complete = async (_, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(3), cancellationToken);
            return StoreReply.Success;
        };
        await using var peer = await RawPeer.AssociateAsync(world.Port);

        Assert.Equal(0x0000, (await peer.StoreAsync("1.2.2", DataSet)).Status);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\u0001\u0000\u007f\u007f\u007f\u007f")]
    public async Task Junk_on_the_port_harms_nobody(string junk)
    {
        await using var world = ScpWorld.Start();
        await using (var peer = await RawPeer.ConnectAsync(world.Port))
            await peer.SendRawAsync(System.Text.Encoding.Latin1.GetBytes(junk));

        Assert.Equal(0, (await Dcmtk.EchoAsync(world.Port, "HSENET")).ExitCode);
        await Until.TrueAsync(() => world.Receiver.Ends.Count == 1, Deadline, "the echo's association ended");
        Assert.Single(world.Receiver.Associations);
    }
}
