using HSENet.Worker.Configuration;
using HSENet.Worker.Series;
using Microsoft.Extensions.Time.Testing;

namespace HSENet.Worker.Tests;

public sealed class CompletionPolicyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SeriesOptions _options = new();
    private readonly DateTimeOffset _opened;
    private DateTimeOffset _last;

    public CompletionPolicyTests()
    {
        _opened = _time.GetUtcNow();
        _last = _opened;
    }

    [Fact]
    public void A_series_waits_while_an_association_is_still_open()
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Completion.Wait, Decide(hasOpenAssociation: true));
        Assert.Equal(Completion.Complete, Decide(hasOpenAssociation: false));
    }

    [Fact]
    public void A_series_waits_until_the_quiet_period_is_over()
    {
        _time.Advance(TimeSpan.FromSeconds(19.9));
        Assert.Equal(Completion.Wait, Decide(hasOpenAssociation: false));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(Completion.Complete, Decide(hasOpenAssociation: false));
    }

    [Fact]
    public void Each_instance_starts_the_quiet_period_again()
    {
        _time.Advance(TimeSpan.FromSeconds(15));
        _last = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(Completion.Wait, Decide(hasOpenAssociation: false));
    }

    [Fact]
    public void The_deadline_closes_what_never_rests_as_partial()
    {
        for (var elapsed = TimeSpan.Zero; elapsed < _options.Deadline; elapsed += TimeSpan.FromSeconds(10))
        {
            Assert.Equal(Completion.Wait, Decide(hasOpenAssociation: false));
            _time.Advance(TimeSpan.FromSeconds(10));
            _last = _time.GetUtcNow();
        }

        Assert.Equal(Completion.Partial, Decide(hasOpenAssociation: false));
        Assert.Equal(Completion.Partial, Decide(hasOpenAssociation: true));
    }

    [Fact]
    public void What_is_quiet_at_the_deadline_is_complete()
    {
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(Completion.Complete, Decide(hasOpenAssociation: false));
    }

    private Completion Decide(bool hasOpenAssociation) =>
        CompletionPolicy.Decide(new CompletionEvidence(_time.GetUtcNow() - _opened, _time.GetUtcNow() - _last, hasOpenAssociation), _options);
}
