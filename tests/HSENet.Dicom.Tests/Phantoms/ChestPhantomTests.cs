using HSENet.Dicom.Phantoms;
using HSENet.Dicom.Series;

namespace HSENet.Dicom.Tests.Phantoms;

public class ChestPhantomTests
{
    private static readonly CtVolume s_phantom = ChestPhantom.Create(7, 32, 64, 64);

    [Fact]
    public void The_same_seed_draws_the_same_voxels() =>
        Assert.Equal(s_phantom.HuSha256(), ChestPhantom.Create(7, 32, 64, 64).HuSha256());

    [Fact]
    public void Another_seed_draws_another_chest() =>
        Assert.NotEqual(s_phantom.HuSha256(), ChestPhantom.Create(8, 32, 64, 64).HuSha256());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-5)]
    [InlineData(int.MaxValue)]
    public void Every_seed_draws_a_chest(int seed)
    {
        var volume = ChestPhantom.Create(seed, 32, 64, 64);
        var voxel = volume.SliceSpacingMm * volume.RowSpacingMm * volume.ColumnSpacingMm / 1e6;
        var lungs = volume.Hu.Where((hu, i) => hu is > -950 and < -650 && IsInside(volume, i)).Count() * voxel;
        Assert.InRange(lungs, 2.0, 8.0);
        Assert.InRange(volume.Hu.Count(hu => hu is > -200 and < 150) * voxel, 8.0, 25.0);
        Assert.Contains(volume.Hu, hu => hu > 350);
        Assert.InRange(volume.Hu.Min(), -1024, -1000);
    }

    [Fact]
    public void The_world_box_is_divided_into_the_grid()
    {
        Assert.Equal((10.0, 5.625, 5.625), (s_phantom.SliceSpacingMm, s_phantom.RowSpacingMm, s_phantom.ColumnSpacingMm));
        Assert.Equal(('S', 'P', 'L'), s_phantom.Axes);
    }

    [Fact]
    public void The_heart_lies_on_the_left_and_in_front_and_the_spine_behind()
    {
        // on the slice through the heart the left half has less lung; behind it lies bone
        Assert.True(LungIn(x => x < 32) > LungIn(x => x >= 32));
        Assert.True(Mean(11, y: 44, x: 32) > 150);
        Assert.InRange(Mean(11, y: 25, x: 36), 0, 90);
    }

    [Fact]
    public void The_liver_lies_under_the_right_lung_and_the_trachea_runs_in_the_upper_middle()
    {
        Assert.InRange(Mean(2, y: 32, x: 20), 35, 85);
        Assert.True(Mean(28, y: 29, x: 32) < -500);
    }

    private static bool IsInside(CtVolume volume, int i)
    {
        var (row, column) = (i / volume.Columns % volume.Rows, i % volume.Columns);
        var (x, y) = ((column + 0.5) * volume.ColumnSpacingMm - 180, (row + 0.5) * volume.RowSpacingMm - 185);
        return x * x / (140 * 140) + y * y / (100 * 100) < 1;
    }

    private static int LungIn(Func<int, bool> column) =>
        s_phantom.Hu.Where((hu, i) => i / (64 * 64) == 11 && column(i % 64) && hu is > -950 and < -650 && IsInside(s_phantom, i)).Count();

    /// <summary>Mean of the 3 x 3 neighbours.</summary>
    private static double Mean(int slice, int y, int x) =>
        (from dy in Enumerable.Range(-1, 3) from dx in Enumerable.Range(-1, 3) select (double)s_phantom.Hu[(slice * 64 + y + dy) * 64 + x + dx]).Average();
}
