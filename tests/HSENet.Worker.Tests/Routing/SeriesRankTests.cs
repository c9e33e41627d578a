using HSENet.Worker.Routing;

namespace HSENet.Worker.Tests.Routing;

public sealed class SeriesRankTests
{
    [Theory]
    [InlineData("B31f", false)]
    [InlineData("B70f", true)]
    [InlineData("I50f\\3", true)]
    [InlineData("Br40d\\3", false)]
    [InlineData("Br64d", true)]
    [InlineData("Bl57f", true)]
    [InlineData("Bl40", true)]
    [InlineData("Qr36", false)]
    [InlineData("STANDARD", false)]
    [InlineData("SOFT", false)]
    [InlineData("lung ", true)]
    [InlineData("BONEPLUS", true)]
    [InlineData("FC08", false)]
    [InlineData("FC51", true)]
    [InlineData("FC86-H", true)]
    [InlineData("B", false)]
    [InlineData("YA", true)]
    [InlineData("", false)]
    public void Kernels_for_bone_and_lung_are_sharp(string kernel, bool isSharp) => Assert.Equal(isSharp, SeriesRank.IsSharpKernel(kernel.Split('\\')));

    [Fact]
    public void Whole_comes_before_soft_before_thin_before_long()
    {
        SeriesRank[] bestFirst =
        [
            new(IsPartial: false, IsSharp: false, SpacingMm: 1.0, SliceCount: 400),
            new(IsPartial: false, IsSharp: false, SpacingMm: 1.0, SliceCount: 300),
            new(IsPartial: false, IsSharp: false, SpacingMm: 3.0, SliceCount: 500),
            new(IsPartial: false, IsSharp: true, SpacingMm: 1.0, SliceCount: 400),
            new(IsPartial: false, IsSharp: false, SpacingMm: 1.0, SliceCount: 400, IsStretch: true),
            new(IsPartial: true, IsSharp: false, SpacingMm: 1.0, SliceCount: 400),
        ];
        Assert.Equal(bestFirst, bestFirst.Reverse().OrderDescending());
    }

    [Fact]
    public void Thinner_than_the_model_sees_is_no_better()
    {
        Assert.Equal(0, new SeriesRank(false, false, 0.6, 300).CompareTo(new SeriesRank(false, false, 1.5, 300)));
        Assert.True(new SeriesRank(false, false, 1.5, 300).CompareTo(new SeriesRank(false, false, 2.0, 300)) > 0);
    }
}
