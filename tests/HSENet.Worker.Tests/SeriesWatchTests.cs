using HSENet.Worker.Series;
using Microsoft.Extensions.Time.Testing;

namespace HSENet.Worker.Tests;

public sealed class SeriesWatchTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SeriesWatch _watch;
    private readonly DateTime _start;

    public SeriesWatchTests()
    {
        _watch = new SeriesWatch(_time);
        _start = _time.GetUtcNow().UtcDateTime;
    }

    [Fact]
    public void Silence_counts_from_the_first_look_however_old_the_rows_are()
    {
        var old = Series(instances: 4) with { OpenedAt = _start.AddHours(-1), LastInstanceAt = _start.AddMinutes(-30) };
        Assert.Equal((0, 0), Look(old));
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal((7, 7), Look(old));
    }

    [Fact]
    public void A_step_of_the_database_clock_is_no_silence()
    {
        Look(Series(instances: 4));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1), Look(Series(instances: 4) with { Now = _start.AddHours(2) }));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((2, 2), Look(Series(instances: 4) with { Now = _start.AddHours(-2) }));
    }

    [Fact]
    public void Each_instance_and_the_end_of_an_association_break_the_silence()
    {
        Look(Series(instances: 4) with { HasOpenAssociation = true });
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((5, 0), Look(Series(instances: 5) with { HasOpenAssociation = true }));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((10, 0), Look(Series(instances: 5)));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((15, 5), Look(Series(instances: 5)));
    }

    [Fact]
    public void A_new_revision_is_open_from_now_on()
    {
        Look(Series(instances: 4));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((0, 0), Look(Series(instances: 5) with { Revision = 2 }));
    }

    [Fact]
    public void A_sender_that_was_asked_to_come_back_is_waited_for()
    {
        Look(Series(instances: 4));
        _time.Advance(TimeSpan.FromSeconds(15));
        _watch.TurnedAway("CT2");
        Assert.Equal((15, 15), Look(Series(instances: 4)));
        _watch.TurnedAway("CT1");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((16, 1), Look(Series(instances: 4)));
    }

    [Fact]
    public void What_was_not_heard_is_no_silence()
    {
        Look(Series(instances: 4));
        _time.Advance(TimeSpan.FromSeconds(15));
        _watch.Forget();
        Assert.Equal((0, 0), Look(Series(instances: 4)));
    }

    private (double Open, double Quiet) Look(ReceivingSeries series)
    {
        var (_, evidence) = Assert.Single(_watch.Look([series]));
        return (evidence.Open.TotalSeconds, evidence.Quiet.TotalSeconds);
    }

    private ReceivingSeries Series(int instances) => new()
    {
        SeriesKey = new Guid(1, 2, 3, new byte[8]),
        SeriesUid = "1.2.3",
        SourceAe = "CT1",
        Revision = 1,
        InstanceCount = instances,
        OpenedAt = _start,
        LastInstanceAt = _start.AddSeconds(instances),
        HasOpenAssociation = false,
        Now = _start,
    };
}
