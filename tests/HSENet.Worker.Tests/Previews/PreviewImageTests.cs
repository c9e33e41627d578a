using HSENet.Dicom.Series;
using HSENet.Worker.Previews;
using SkiaSharp;

namespace HSENet.Worker.Tests.Previews;

public sealed class PreviewImageTests
{
    // One tile per voxel pixel: 256 voxels of 1 mm on a 256 pixel tile.
    private const int Side = 256;
    private const int TileLeft = 4;

    [Fact]
    public void Preview_lays_one_hot_patch_over_exactly_its_own_voxels()
    {
        var volume = Volume(slices: 1, axes: ('S', 'P', 'L'));

        using var picture = Draw(volume, (_, row, column) => row is >= 64 and < 80 && column is >= 128 and < 144 ? 1f : 0f);

        for (var row = 0; row < Side; row++)
        {
            for (var column = 0; column < Side; column++)
            {
                var isInside = row is >= 64 and < 80 && column is >= 128 and < 144;
                Assert.Equal(isInside, IsColoured(picture, column, row));
            }
        }
    }

    [Theory]
    [InlineData('P', 'L', 64, 128)]
    [InlineData('A', 'R', Side - 1 - 64, Side - 1 - 128)]
    [InlineData('A', 'L', Side - 1 - 64, 128)]
    public void Preview_shows_anterior_up_and_the_patients_right_on_the_left(char rowAxis, char columnAxis, int y, int x)
    {
        var volume = Volume(slices: 1, axes: ('S', rowAxis, columnAxis));

        using var picture = Draw(volume, (_, row, column) => row == 64 && column == 128 ? 1f : 0f);

        Assert.True(IsColoured(picture, x, y));
        Assert.False(IsColoured(picture, Side - 1 - x, y));
    }

    [Fact]
    public void Preview_leaves_voxels_that_the_model_did_not_see_grey()
    {
        var volume = Volume(slices: 1, axes: ('S', 'P', 'L'));

        using var picture = Draw(volume, (_, row, _) => row < 128 ? null : row < 192 ? 0.2f : 0.9f);

        Assert.False(IsColoured(picture, 100, 60));
        Assert.False(IsColoured(picture, 100, 150));
        Assert.True(IsColoured(picture, 100, 200));
    }

    [Fact]
    public void Preview_carries_its_text_in_the_picture()
    {
        var volume = Volume(slices: 1, axes: ('S', 'P', 'L'));

        using var with = SKBitmap.Decode(PreviewImage.Render(volume, (_, _, _) => null, ["DRAFT"]));
        using var without = SKBitmap.Decode(PreviewImage.Render(volume, (_, _, _) => null, [" "]));

        Assert.True(BrightPixels(with, 20) > BrightPixels(without, 20));
    }

    [Fact]
    public void Key_slices_are_the_highest_that_keep_their_distance()
    {
        float?[] scores = [null, 0.1f, 0.9f, 0.8f, 0.1f, 0.2f, 0.7f, 0.1f];

        Assert.Equal([2, 6], KeySlices.Choose(scores, 2));
    }

    [Fact]
    public void Key_slices_are_evenly_spaced_without_scores() => Assert.Equal([2, 7], KeySlices.Choose(new float?[10], 2));

    private static SKBitmap Draw(CtVolume volume, Func<int, int, int, float?> scoreAt) => SKBitmap.Decode(PreviewImage.Render(volume, scoreAt, []));

    // No text lines: the tile starts below the legend line.
    private static bool IsColoured(SKBitmap picture, int x, int y)
    {
        const int TileTop = 4 + 20;
        var pixel = picture.GetPixel(TileLeft + x, TileTop + y);
        return Math.Abs(pixel.Red - pixel.Blue) > 40;
    }

    private static int BrightPixels(SKBitmap picture, int rows) =>
        Enumerable.Range(0, rows).Sum(y => Enumerable.Range(0, picture.Width).Count(x => picture.GetPixel(x, y).Red > 200));

    private static CtVolume Volume(int slices, (char Slice, char Row, char Column) axes) => new()
    {
        Hu = [.. Enumerable.Repeat((short)-700, slices * Side * Side)],
        SliceCount = slices,
        Rows = Side,
        Columns = Side,
        SliceSpacingMm = 5,
        RowSpacingMm = 1,
        ColumnSpacingMm = 1,
        Axes = axes,
    };
}
