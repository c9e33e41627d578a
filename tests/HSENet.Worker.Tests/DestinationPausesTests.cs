using HSENet.Worker.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace HSENet.Worker.Tests;

public sealed class DestinationPausesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly DestinationPauses _pauses;

    public DestinationPausesTests()
    {
        _pauses = new DestinationPauses(_time);
    }

    [Fact]
    public void The_pause_doubles_from_a_second_to_a_minute()
    {
        Assert.False(_pauses.IsPaused("pacs"));
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 8).Select(_ => SecondsOfNextPause("pacs")));
    }

    [Fact]
    public void An_answer_ends_it_and_the_next_one_is_short_again()
    {
        _ = SecondsOfNextPause("pacs");
        _pauses.Failed("pacs");
        _pauses.Answered("pacs");
        Assert.False(_pauses.IsPaused("pacs"));
        Assert.Equal(1, SecondsOfNextPause("pacs"));
    }

    [Fact]
    public void Each_destination_has_its_own()
    {
        _pauses.Failed("pacs");
        Assert.True(_pauses.IsPaused("pacs"));
        Assert.False(_pauses.IsPaused("archive"));
    }

    private int SecondsOfNextPause(string destination)
    {
        _pauses.Failed(destination);
        var seconds = 0;
        for (; _pauses.IsPaused(destination); seconds++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        return seconds;
    }
}
