using HSENet.Worker.Commitment;

namespace HSENet.Worker.Tests;

public sealed class CommitmentTimingTests
{
    private readonly CommitmentTiming _timing = new();

    [Fact]
    public void Pauses_and_waits_double_up_to_their_limit()
    {
        Assert.Equal([10, 20, 40, 80], Enumerable.Range(1, 4).Select(i => _timing.PauseAfter(i).TotalSeconds));
        Assert.Equal([15, 30, 60], Enumerable.Range(1, 3).Select(i => _timing.WaitOf(i).TotalMinutes));
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromHours(12)), (_timing.PauseAfter(100_000), _timing.WaitOf(100_000)));
    }

    [Fact]
    public void A_destination_that_is_never_there_is_asked_a_bounded_number_of_times()
    {
        var asked = 0;
        for (var age = TimeSpan.Zero; age < _timing.MaximumAge; age += _timing.PauseAfter(++asked))
        {
        }

        Assert.InRange(asked, 150, 200);
    }
}
