using HSENet.Dicom.Receiving;
using HSENet.TestKit;

namespace HSENet.Dicom.Tests.Receiving;

/// <summary>
/// A sender whose release was confirmed (PS3.8 7.2) sends nothing again: what it was told is recorded before, so that a process which dies then leaves no association that
/// seems to have broken off.
/// </summary>
public sealed class StoreScpReleaseTests
{
    private const byte ReleaseRequest = 0x05;
    private const byte ReleaseResponse = 0x06;

    private static readonly TimeSpan LongEnough = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_release_is_confirmed_when_it_is_recorded()
    {
        await using var world = ScpWorld.Start();
        var recorded = new TaskCompletionSource();
        world.Receiver.OnEnded = () => recorded.Task;
        await using var peer = await RawPeer.AssociateAsync(world.Port);

        await peer.SendPduAsync(ReleaseRequest, new byte[4]);
        var answer = peer.ReceivePduAsync();
        Assert.Equal([AssociationEnd.Released], await world.EndsAsync(1));
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(LongEnough));
        recorded.SetResult();

        Assert.Equal(ReleaseResponse, (await answer.WaitAsync(Deadline)).Type);
    }

    /// <summary>PS3.8 7.2.1: a release is asked for when all was sent. Whoever asks within an instance has not sent that.</summary>
    [Fact]
    public async Task A_release_within_an_instance_is_confirmed_and_told_as_an_abort()
    {
        await using var world = ScpWorld.Start();
        await using var peer = await RawPeer.AssociateAsync(world.Port);
        await peer.SendStoreAsync("1.2.3.4", new byte[100_000], cutAt: 50_000);

        await peer.ReleaseAsync();

        Assert.Equal([AssociationEnd.Aborted], await world.EndsAsync(1));
        Assert.Equal(["1.2.3.4"], world.Receiver.Dropped.Select(d => d.SopInstanceUid));
    }

    [Fact]
    public async Task A_receiver_that_does_not_come_to_an_end_holds_no_release_up()
    {
        await using var world = ScpWorld.Start();
        var recorded = new TaskCompletionSource();
        world.Receiver.OnEnded = () => recorded.Task;
        await using var peer = await RawPeer.AssociateAsync(world.Port);

        await peer.SendPduAsync(ReleaseRequest, new byte[4]);

        Assert.Equal(ReleaseResponse, (await peer.ReceivePduAsync().WaitAsync(Deadline)).Type);
        Assert.False(recorded.Task.IsCompleted);
        recorded.SetResult();
    }

    [Fact]
    public async Task A_receiver_that_fails_holds_no_release_up()
    {
        await using var world = ScpWorld.Start();
        world.Receiver.OnEnded = () => throw new InvalidOperationException("boom");
        await using var peer = await RawPeer.AssociateAsync(world.Port);

        await peer.ReleaseAsync();

        Assert.Equal([AssociationEnd.Released], await world.EndsAsync(1));
    }
}
