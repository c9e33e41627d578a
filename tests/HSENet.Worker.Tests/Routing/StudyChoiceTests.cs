using HSENet.Worker.Routing;

namespace HSENet.Worker.Tests.Routing;

public sealed class StudyChoiceTests
{
    private static readonly Candidate Thick = Of("thick", spacingMm: 5);
    private static readonly Candidate Thin = Of("thin", spacingMm: 1);
    private static readonly Candidate ThinSharp = Of("thin sharp", spacingMm: 1, isSharp: true);

    [Fact]
    public void The_best_of_those_that_wait_is_chosen()
    {
        Assert.Equal(Thin, StudyChoice.Decide(null, [Thick, ThinSharp, Thin]));
        Assert.Equal(Thick, StudyChoice.Decide(null, [ThinSharp, Thick]));
        Assert.Null(StudyChoice.Decide(null, []));
    }

    [Fact]
    public void A_thin_stretch_does_not_come_before_a_whole_chest()
    {
        var whole = Thick with { SliceCount = 64 };
        var stretch = Thin with { SliceCount = 80 };
        Assert.Equal(whole, StudyChoice.Decide(null, [stretch, whole]));
        Assert.Equal(whole, StudyChoice.Decide(stretch, [whole]));
        Assert.Null(StudyChoice.Decide(whole, [stretch]));
        Assert.Equal(stretch, StudyChoice.Decide(null, [stretch, ThinSharp with { SliceCount = 100 }]));
    }

    [Fact]
    public void A_scan_that_goes_on_to_the_pelvis_makes_no_stretch_of_a_chest()
    {
        var trunk = Thick with { SliceCount = 140 };
        var chest = Thin with { SliceCount = 240 };
        Assert.Equal(chest, StudyChoice.Decide(null, [trunk, chest]));
        Assert.Equal(trunk, StudyChoice.Decide(null, [trunk, chest with { SliceCount = 200 }]));
    }

    [Fact]
    public void Of_equals_the_one_that_closed_first_is_chosen()
    {
        var later = Of("other", spacingMm: 1) with { CreatedAt = Thin.CreatedAt.AddSeconds(1) };
        Assert.Equal(Thin, StudyChoice.Decide(null, [later, Thin]));
    }

    [Fact]
    public void Only_a_better_one_takes_the_place_of_the_one_chosen_before()
    {
        Assert.Equal(Thin, StudyChoice.Decide(Thick, [ThinSharp, Thin]));
        Assert.Null(StudyChoice.Decide(Thin, [Thick, ThinSharp]));
        Assert.Null(StudyChoice.Decide(Thin, [Of("equal", spacingMm: 1)]));
    }

    [Fact]
    public void Changed_content_of_the_chosen_series_is_chosen_though_it_be_worse()
    {
        var changed = Thin with { SeriesRevision = 2, SliceCount = 3, IsPartial = true, CandidateId = Guid.NewGuid() };
        Assert.Equal(changed, StudyChoice.Decide(Thin, [changed]));
        Assert.Equal(changed, StudyChoice.Decide(Thin, [changed, Of("also partial", spacingMm: 5) with { IsPartial = true }]));
        Assert.Equal(Thick, StudyChoice.Decide(Thin, [changed, Thick]));
    }

    [Fact]
    public void Of_equals_the_one_that_was_reported_before_the_database_was_lost_is_chosen_and_never_for_that_before_a_better_one()
    {
        var reported = Of("reported", spacingMm: 1) with { HasKeptReport = true, CreatedAt = Thin.CreatedAt.AddMinutes(1) };
        Assert.Equal(reported, StudyChoice.Decide(null, [Thin, reported]));
        Assert.Equal(Thin, StudyChoice.Decide(null, [Thick with { HasKeptReport = true }, Thin]));
        Assert.Null(StudyChoice.Decide(Thin, [reported]));
    }

    private static Candidate Of(string name, double spacingMm, bool isSharp = false) => new()
    {
        CandidateId = Guid.NewGuid(),
        SeriesKey = Guid.NewGuid(),
        SeriesRevision = 1,
        ContentHash = name,
        IsPartial = false,
        IsSharp = isSharp,
        SpacingMm = spacingMm,
        SliceCount = (int)(300 / spacingMm),
        Mode = "draft",
        Model = "Demo",
        Priority = 1,
        Destinations = [],
        CreatedAt = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
    };
}
