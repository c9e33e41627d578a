using System.Globalization;
using HSENet.Worker.Configuration;
using HSENet.Worker.Series;

namespace HSENet.Worker.Tests;

public sealed class CompletionPolicyTests
{
    private const int InstanceCount = 24;
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly SeriesOptions _options = new();

    [Theory] // each association: opened-ended (seconds), how it ended or goes on, instances of the series + those that were here, who sent it (CT1), and more of it
    [InlineData("0-9 released 24")]
    [InlineData("0-9 released 12, 0-20 released 12")]
    [InlineData("0- gone-on 24")]
    [InlineData("0-9 released 12, 10- gone-on 12")]
    [InlineData("0-9 aborted 12, 10-20 released 12+1")] // from the one without an answer on
    [InlineData("0-9 connection-lost 12, 10-20 released 12+12")]
    [InlineData("0-9 timed-out 12, 10-20 released 12+12")]
    [InlineData("0-9 host-stopped 12, 10-20 released 12")] // what was under way is not known
    [InlineData("0-9 aborted 12, 10- gone-on 12+1")]
    [InlineData("0-9 aborted 8, 10-20 aborted 8+1, 21-30 released 8+1")]
    [InlineData("0-9 aborted 12 CT1 continued-by-1, 10-20 released 12")] // from the one that did not come whole on
    [InlineData("0-9 aborted 8 CT1 continued-by-1, 10-20 aborted 8 CT1 continued-by-2, 21-30 released 8")]
    [InlineData("0-9 aborted 12, 5-20 released 24")] // beside it, but the whole series by itself
    [InlineData("0-9 turned-away 12, 10-20 released 12+1")]
    [InlineData("0-9 released 24, 10-12 aborted 3")] // a repetition of what had come whole
    [InlineData("0-9 released 24, 10-12 refused 3")]
    [InlineData("0-9 aborted 12, 10-20 released 24 OTHER")] // whoever has the whole series
    [InlineData("0-9 released 24, 10-12 aborted 3 CT1 changed, 20-30 released 24 CT1 changed")]
    [InlineData("0-9 released 24, 10-12 aborted 0+3 CT1 changed, 20-30 released 0+21 CT1 changed")]
    [InlineData("0-9 released 24, 10-12 aborted 3 CT1 changed, 20-30 released 24 OTHER changed")]
    [InlineData("0-9 released 24, 10-20 released 3 CT1 changed")] // all that its sender had to change
    public void What_every_sender_has_ended_is_complete_after_the_quiet_period(string associations)
    {
        Assert.Equal(Completion.Wait, Decide(associations, TimeSpan.FromSeconds(19.9)));
        Assert.Equal(Completion.Complete, Decide(associations, _options.QuietPeriod));
        Assert.Equal(Completion.Complete, Decide(associations, TimeSpan.FromHours(7)));
    }

    [Theory]
    [InlineData("0-9 aborted 24", "association.aborted")]
    [InlineData("0-9 connection-lost 24", "association.connection-lost")]
    [InlineData("0-9 timed-out 24", "association.timed-out")]
    [InlineData("0-9 host-stopped 24", "association.host-stopped")]
    [InlineData("0-9 aborted 12, 10-20 connection-lost 12", "association.connection-lost")]
    [InlineData("0-9 released 12, 10-12 aborted 12", "association.aborted")]
    [InlineData("0-9 aborted 12, 5-20 released 12", "association.aborted")] // beside it: its own part, not the rest of the other's
    [InlineData("0-9 aborted 12, 5- gone-on 12", "association.aborted")]
    [InlineData("0-9 aborted 12, 10-20 released 6, 21-30 aborted 6", "association.aborted")]
    [InlineData("0-9 aborted 12, 10- open 12", "association.aborted")]
    [InlineData("0- open 24", "series.deadline")]
    [InlineData("0-9 turned-away 12", "series.turned-away")]
    [InlineData("0-9 turned-away 12, 5-20 released 12", "series.turned-away")]
    [InlineData("0-9 refused 23", "series.refused-instance")] // an end slice: no gap tells of it
    [InlineData("0-9 refused 12, 5-20 released 12", "series.refused-instance")]
    [InlineData("0-9 aborted 12 CT1 refused", "association.aborted")]
    [InlineData("0-9 aborted 0 CT1 lacking, 10-20 released 23", "association.aborted")] // an end slice broke off, and the rest came after it
    [InlineData("0-9 turned-away 0 CT1 lacking, 10-20 released 23", "series.turned-away")]
    [InlineData("0-9 refused 0 CT1 lacking, 10-20 released 24 OTHER", "series.refused-instance")]
    [InlineData("0- open 12, 0- gone-on 12", "series.deadline")]
    [InlineData("0-9 released 12, 5- open 12", "series.deadline")]
    [InlineData("0-9 aborted 12, 10-20 released 12", "association.aborted")] // the next part of it: what is left of the one that broke off is not here
    [InlineData("0-9 turned-away 12, 10-20 released 12", "series.turned-away")]
    [InlineData("0-9 aborted 1, 10-19 released 6, 20-29 released 6, 30-39 released 6", "association.aborted")] // six at a time
    [InlineData("0-9 aborted 1 CT1 lacking, 10-19 released 6, 20-29 released 0+6", "association.aborted")]
    [InlineData("0-9 aborted 8 CT1 continued-by-1, 10-20 aborted 8, 21-30 released 8", "association.aborted")]
    [InlineData("0-9 aborted 12, 10-20 released 3 OTHER", "association.aborted")] // somebody else's part
    [InlineData("0-9 turned-away 12, 10-20 released 12 OTHER", "series.turned-away")]
    [InlineData("0-9 released 24, 10-12 aborted 3 CT1 changed", "association.aborted")] // the headers of the rest are the old ones
    [InlineData("0-19 released 24, 10-12 aborted 3 CT1 changed", "association.aborted")]
    [InlineData("0-9 released 24, 10-12 aborted 3 CT1 changed, 20-30 released 3 OTHER changed", "association.aborted")]
    [InlineData("0-9 released 24, 10-12 aborted 3 CT1 changed, 20-30 released 24 OTHER", "association.aborted")] // with the old headers once more
    public void What_broke_off_or_has_no_end_is_waited_for_and_partial_at_the_deadline(string associations, string reason)
    {
        Assert.Equal(Completion.Wait, Decide(associations, _options.QuietPeriod));
        Assert.Equal(Completion.Wait, Decide(associations, _options.Deadline - TimeSpan.FromSeconds(0.1)));
        Assert.Equal(Completion.Partial(Completion.ByDeadline, reason), Decide(associations, _options.Deadline));
    }

    [Theory] // begun anew from the first slice each time
    [InlineData("aborted", "association.aborted")]
    [InlineData("released", null)]
    public async Task A_hundred_attempts_of_which_each_repeats_the_one_before_are_judged_at_once(string last, string? reason)
    {
        var attempts = string.Join(", ", Enumerable.Range(0, 100).Select(i => $"{10 * i}-{10 * i + 9} {(i == 99 ? last : "aborted")} 12+12"));
        var end = await Task.Run(() => Decide(attempts, _options.Deadline)).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((reason is null ? CompletionKind.Complete : CompletionKind.Partial, reason), (end.Kind, end.Reason));
    }

    [Fact]
    public void What_only_the_spool_knows_is_partial_after_the_quiet_period_and_nobody_is_waited_for()
    {
        Assert.Equal(Completion.Wait, Decide("", TimeSpan.FromSeconds(19.9)));
        Assert.Equal(Completion.Partial(Completion.ByQuietPeriod, "series.recovered"), Decide("", _options.QuietPeriod));
    }

    [Theory] // minutes since the first and since the last slice
    [InlineData(16, 0.1, null)]
    [InlineData(359, 14, null)]
    [InlineData(16, 15, "association.aborted")]
    [InlineData(360, 0.1, "series.outer-limit")]
    public void The_deadline_counts_from_the_last_slice_and_the_outer_limit_from_the_first(double open, double sinceSlice, string? reason)
    {
        var evidence = Evidence("0-9 aborted 12", TimeSpan.FromMinutes(sinceSlice)) with { Open = TimeSpan.FromMinutes(open) };
        Assert.Equal(reason, CompletionPolicy.Decide(evidence, _options).Reason);
    }

    [Fact]
    public void What_still_comes_at_the_outer_limit_is_partial_though_every_association_was_released()
    {
        var evidence = Evidence("0-9 released 24", TimeSpan.FromSeconds(1)) with { Open = _options.OuterLimit };
        Assert.Equal(Completion.Partial(Completion.ByOuterLimit, "series.outer-limit"), CompletionPolicy.Decide(evidence, _options));
    }

    [Fact]
    public void An_association_that_ends_at_the_deadline_has_its_quiet_period()
    {
        var evidence = Evidence("0-9 released 24", _options.Deadline) with { Quiet = TimeSpan.FromSeconds(1) };
        Assert.Equal(Completion.Wait, CompletionPolicy.Decide(evidence, _options));
        Assert.Equal(Completion.Complete, CompletionPolicy.Decide(evidence with { Quiet = _options.QuietPeriod }, _options));
    }

    [Theory] // its title was turned away a second ago, and is again and again
    [InlineData("0-9 released 24", null)]
    [InlineData("0-9 aborted 12, 10-20 released 12+1", null)]
    [InlineData("0-9 aborted 12", "association.aborted")]
    public void A_sender_that_is_turned_away_elsewhere_is_waited_for_and_makes_nothing_partial(string associations, string? reason)
    {
        var evidence = Evidence(associations, TimeSpan.FromMinutes(10)) with { SinceTurnedAway = TimeSpan.FromSeconds(1) };
        Assert.Equal(Completion.Wait, CompletionPolicy.Decide(evidence, _options));
        evidence = Evidence(associations, _options.Deadline) with { SinceTurnedAway = TimeSpan.FromSeconds(1) };
        var end = CompletionPolicy.Decide(evidence, _options);
        Assert.Equal((reason is null ? CompletionKind.Complete : CompletionKind.Partial, reason), (end.Kind, end.Reason));
    }

    private Completion Decide(string associations, TimeSpan silence) => CompletionPolicy.Decide(Evidence(associations, silence), _options);

    private static CompletionEvidence Evidence(string associations, TimeSpan silence) =>
        new(silence, silence, silence, null, InstanceCount, [.. associations.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select((a, i) => Parse(a, i))]);

    private static SeriesAssociation Parse(string association, int index)
    {
        var words = association.Split(' ');
        var times = words[0].Split('-');
        int[] counts = [.. words[2].Split('+').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        var isOpen = times[1].Length == 0;
        return new()
        {
            SeriesKey = Guid.Empty,
            Sender = words.Length > 3 ? words[3] : "CT1",
            HasChanged = words.Contains("changed"),
            AssociationId = Key(index),
            ContinuedBy = [.. words.Where(w => w.StartsWith("continued-by-", StringComparison.Ordinal)).Select(w => Key(w[^1] - '0'))],
            OpenedAt = At(times[0]),
            EndedAt = isOpen ? null : At(times[1]),
            Ending = isOpen ? null : words[1] is "turned-away" or "refused" ? "released" : words[1],
            HasTurnedAway = words[1] == "turned-away",
            HasRefused = words.Contains("refused"),
            IsLacking = words.Contains("lacking"),
            HasGoneOn = words[1] == "gone-on",
            Instances = counts.Sum(),
            Repeated = counts.Skip(1).Sum(),
        };

        static Guid Key(int index) => new(index, 0, 0, new byte[8]);

        static DateTime At(string seconds) => Start.AddSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
    }
}
