using HSENet.Dicom.Phantoms;
using HSENet.Dicom.Series;
using HSENet.Worker.Configuration;
using HSENet.Worker.Reporting;

namespace HSENet.Worker.Tests.Reporting;

/// <summary>What the site's settings make of the check of pixels.</summary>
public sealed class ContentDecisionTests
{
    private static readonly CtVolume s_whole = ChestPhantom.Create(1, 40, 72, 72);
    private static readonly CtVolume s_middle = s_whole with { SliceCount = 12, Hu = s_whole.Hu[(14 * 72 * 72)..(26 * 72 * 72)] };
    private static readonly CtVolume s_bases = s_whole with { SliceCount = 14, Hu = s_whole.Hu[..(14 * 72 * 72)] };
    private static readonly CtVolume s_none = s_whole with { Hu = [.. s_whole.Hu.Select(hu => hu < -500 ? (short)40 : hu)] };

    [Fact]
    public void A_whole_chest_is_drafted_without_a_note()
    {
        var decision = ContentDecision.Of(s_whole, new() { Coverage = "refuse" }, isShadow: false);
        Assert.Null(decision.Refusal);
        Assert.False(decision.IsCoveredInPart);
        Assert.Empty(decision.Notes);
    }

    [Theory]
    [InlineData("partial", false, null, true)]
    [InlineData("record", false, null, false)]
    [InlineData("refuse", false, "content.coverage", false)]
    [InlineData("refuse", true, null, true)]
    public void A_chest_that_is_covered_in_part_is_what_the_setting_says(string coverage, bool isShadow, string? refusal, bool isPartial)
    {
        var decision = ContentDecision.Of(s_middle, new() { Coverage = coverage }, isShadow);
        Assert.Equal(refusal, decision.Refusal?.Reason.Code());
        Assert.Equal(isPartial, decision.IsCoveredInPart);
        Assert.Equal(refusal is null ? ["content.coverage"] : [], decision.Notes.Select(n => n.Code));
    }

    [Theory]
    [InlineData("refuse", false, "content.no-lung")]
    [InlineData("refuse", true, null)]
    [InlineData("record", false, null)]
    public void What_is_no_chest_is_refused_unless_it_is_only_recorded(string mode, bool isShadow, string? refusal)
    {
        var decision = ContentDecision.Of(s_none, new() { Content = new() { Mode = mode } }, isShadow);
        Assert.Equal(refusal, decision.Refusal?.Reason.Code());
        Assert.Equal(refusal is null ? ["content.no-lung", "content.coverage"] : [], decision.Notes.Select(n => n.Code));
    }

    [Theory]
    [InlineData("partial", true)]
    [InlineData("record", false)]
    public void An_abdomen_that_is_only_recorded_is_no_whole_chest(string coverage, bool isPartial)
    {
        Assert.Equal("content.other-region", ContentDecision.Of(s_bases, new(), isShadow: false).Refusal?.Reason.Code());
        var decision = ContentDecision.Of(s_bases, new() { Coverage = coverage, Content = new() { Mode = "record" } }, isShadow: false);
        Assert.Null(decision.Refusal);
        Assert.Equal(isPartial, decision.IsCoveredInPart);
        Assert.Equal(["content.other-region", "content.coverage"], decision.Notes.Select(n => n.Code));
    }

    [Fact]
    public void Pixels_that_are_only_recorded_may_still_be_refused_for_what_they_do_not_cover()
    {
        var decision = ContentDecision.Of(s_bases, new() { Coverage = "refuse", Content = new() { Mode = "record" } }, isShadow: false);
        Assert.Equal("content.coverage", decision.Refusal?.Reason.Code());
    }

    [Theory]
    [InlineData(nameof(ContentOptions.LeastLungMillilitres), 9000, "content.no-lung")]
    [InlineData(nameof(ContentOptions.LeastLungShare), 0.9, "content.no-lung")]
    [InlineData(nameof(ContentOptions.SmallLungShare), 0.9, null)]
    [InlineData(nameof(ContentOptions.LeastRibShare), 1, null)]
    [InlineData(nameof(ContentOptions.LeastWallMm), 100, "content.no-lung")]
    [InlineData(nameof(ContentOptions.OpenEndShare), 0, null)]
    [InlineData(nameof(ContentOptions.LowestTissueHu), 100, "content.hu")]
    [InlineData(nameof(ContentOptions.HighestTissueHu), 10, "content.hu")]
    [InlineData(nameof(ContentOptions.TurnedBoneRatio), 0.01, "content.orientation")]
    public void A_threshold_that_a_site_sets_is_what_a_chest_is_judged_by(string name, double value, string? refusal)
    {
        var options = new ContentOptions();
        typeof(ContentOptions).GetProperty(name)!.SetValue(options, value);
        Assert.Equal(refusal, ContentDecision.Of(s_whole, new() { Content = options }, isShadow: false).Refusal?.Reason.Code());
    }

    [Theory]
    [InlineData(nameof(ContentOptions.LeastLungExtentMm), 20)]
    [InlineData(nameof(ContentOptions.OtherRegionMm), 200)]
    public void A_site_may_take_less_of_a_chest(string name, double value)
    {
        var options = new ContentOptions();
        typeof(ContentOptions).GetProperty(name)!.SetValue(options, value);
        var decision = ContentDecision.Of(s_bases, new() { Content = options }, isShadow: false);
        Assert.Null(decision.Refusal);
        Assert.True(decision.IsCoveredInPart);
    }
}
