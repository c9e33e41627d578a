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
        Assert.Equal(refusal is null ? ["content.no-lung"] : [], decision.Notes.Select(n => n.Code));
    }
}
