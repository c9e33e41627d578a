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
        Look(Series(instances: 4) with { Associations = [Open] });
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((5, 0), Look(Series(instances: 5) with { Associations = [Open] }));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((10, 0), Look(Series(instances: 5) with { Associations = [Released] }));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((15, 5), Look(Series(instances: 5) with { Associations = [Released] }));
    }

    [Fact]
    public void The_last_slice_is_that_of_a_repetition_too_and_no_end_of_an_association()
    {
        Look(Series(instances: 4) with { Associations = [Open] });
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, Evidence(Series(instances: 4) with { Associations = [Open with { Instances = 5 }] }).SinceSlice.TotalSeconds);
        _time.Advance(TimeSpan.FromSeconds(5));
        var ended = Evidence(Series(instances: 4) with { Associations = [Released with { Instances = 5 }] });
        Assert.Equal((5, 0), (ended.SinceSlice.TotalSeconds, ended.Quiet.TotalSeconds));
    }

    [Fact]
    public void An_open_association_has_gone_on_when_its_last_instance_was_of_another_series()
    {
        var series = Series(instances: 4) with { Associations = [Open] };
        Assert.False(HasGoneOn()); // what it sends is not known
        _watch.Heard(Open.AssociationId, series.SeriesKey);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(HasGoneOn());
        _watch.Heard(Open.AssociationId, Guid.NewGuid());
        Assert.True(HasGoneOn());
        Assert.Equal((5, 0), Look(series)); // the quiet period begins
        _time.Advance(TimeSpan.FromSeconds(5));
        _watch.Heard(Open.AssociationId, Guid.NewGuid());
        Assert.Equal((10, 5), Look(series)); // and does not begin again with each that follows
        _watch.Heard(Open.AssociationId, series.SeriesKey);
        Assert.False(HasGoneOn());

        _watch.Heard(Open.AssociationId, Guid.NewGuid(), series.SeriesKey);
        Assert.False(HasGoneOn()); // it has offered an instance that is not here
        _watch.Heard(Open.AssociationId, Guid.NewGuid(), Guid.NewGuid());
        Assert.True(HasGoneOn());
        _watch.Ended(Open.AssociationId);
        Assert.False(HasGoneOn()); // how it ended is still to be recorded

        bool HasGoneOn() => Assert.Single(Evidence(series).Associations).HasGoneOn;
    }

    [Fact]
    public void A_new_revision_is_open_from_now_on()
    {
        Look(Series(instances: 4));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((0, 0), Look(Series(instances: 5) with { Revision = 2 }));
    }

    [Fact]
    public void A_sender_that_was_asked_to_come_back_is_remembered_by_its_title()
    {
        Look(Series(instances: 4));
        _time.Advance(TimeSpan.FromSeconds(15));
        _watch.TurnedAway("CT2");
        Assert.Null(Evidence(Series(instances: 4)).SinceTurnedAway);
        _watch.TurnedAway("CT1");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Evidence(Series(instances: 4)).SinceTurnedAway?.TotalSeconds);
        Assert.Equal((16, 16), Look(Series(instances: 4)));
    }

    [Fact]
    public void What_was_not_heard_is_no_silence()
    {
        Look(Series(instances: 4));
        _time.Advance(TimeSpan.FromSeconds(15));
        _watch.Forget();
        Assert.Equal((0, 0), Look(Series(instances: 4)));
    }

    private static SeriesAssociation Open { get; } =
        new() { SeriesKey = new Guid(1, 2, 3, new byte[8]), AssociationId = new Guid(4, 5, 6, new byte[8]), Sender = "CT1", OpenedAt = DateTime.UnixEpoch, Instances = 4 };

    private static SeriesAssociation Released { get; } = Open with { Ending = SeriesAssociation.Released, EndedAt = DateTime.UnixEpoch.AddMinutes(1) };

    private CompletionEvidence Evidence(ReceivingSeries series) => Assert.Single(_watch.Look([series])).Evidence;

    private (double Open, double Quiet) Look(ReceivingSeries series)
    {
        var evidence = Evidence(series);
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
        Now = _start,
    };
}
