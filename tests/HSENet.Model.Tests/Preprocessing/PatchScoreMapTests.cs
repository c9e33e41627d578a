using HSENet.Model.Preprocessing;

namespace HSENet.Model.Tests.Preprocessing;

public sealed class PatchScoreMapTests
{
    [Fact]
    public void One_patch_covers_the_source_voxels_computed_by_hand()
    {
        // network axes: depth = A0 backwards, axis 1 = A2 backwards, axis 2 = A1
        var order = AxisOrder.Between(('I', 'P', 'R'), ('S', 'L', 'P'));
        var transform = new VolumeTransform(
            order, Oriented: (10, 40, 20), Resampled: (20, 20, 20), CropStart: (2, 4, 5), CropSize: (16, 8, 10), Image: (8, 16, 20));
        var map = new PatchScoreMap((2, 4, 5), [.. Enumerable.Range(0, 40).Select(i => i / 40f)], transform);

        var (a0, a1, a2) = map.SourceBox(1, 0, 2);

        // depth: image 4..8 = crop 8..16 = resampled 10..18 = oriented 5..9, and 10 - that
        Assert.Equal((1.0, 5.0), a0);
        // axis 2: image 8..12 = crop 4..6 = resampled 9..11 = oriented 9..11
        Assert.Equal((9.0, 11.0), a1);
        // axis 1: image 0..4 = crop 0..2 = resampled 4..6 = oriented 8..12, and 40 - that
        Assert.Equal((28.0, 32.0), a2);
        Assert.Equal(22 / 40f, map[1, 0, 2]);
        Assert.Equal(map[1, 0, 2], map.At(1, 9, 28));
        Assert.Equal(map[1, 0, 2], map.At(4, 10, 31));
        Assert.NotEqual(map[1, 0, 2], map.At(4, 11, 31));
        Assert.Null(map.At(9, 9, 28));     // below the crop
        Assert.Null(map.At(4, 4, 28));     // in front of it
        Assert.Null(map.At(4, 9, 39));     // right of it
    }

    [Theory]
    [InlineData("SPL")]
    [InlineData("IAR")]
    [InlineData("RIA")]
    [InlineData("PLI")]
    public void A_bright_cube_lights_exactly_the_patches_whose_box_it_touches(string stored)
    {
        ((int From, int To) L, (int From, int To) P, (int From, int To) S) cube = ((10, 18), (12, 24), (8, 12));
        var patient = new PatientVolume((40, 36, 20), (0.9, 0.9, 2.5), (l, p, s) =>
            Inside(l, cube.L) && Inside(p, cube.P) && Inside(s, cube.S) ? (short)200
            : Inside(l, (5, 35)) && Inside(p, (3, 33)) && Inside(s, (2, 18)) ? (short)-700
            : (short)-1000);
        var axes = (stored[0], stored[1], stored[2]);
        var result = new VolumePreprocessor(new PreprocessSpec { Image = (16, 32, 32) }).Run(patient.StoredAs(axes), CancellationToken.None);
        var brightness = MaximumPerPatch(result.Volume, (16, 32, 32), 4);
        var map = new PatchScoreMap((4, 8, 8), brightness, result.Transform);

        for (var d = 0; d < 4; d++)
        {
            for (var h = 0; h < 8; h++)
            {
                for (var w = 0; w < 8; w++)
                {
                    var box = map.SourceBox(d, h, w);
                    var touches = true;
                    for (var axis = 0; axis < 3; axis++)
                    {
                        var (from, to) = box.At(axis);
                        var (cubeFrom, cubeTo) = patient.Along(axes.At(axis), Range(cube, axes.At(axis)));
                        var overlap = Math.Max(0, Math.Min(to, cubeTo) - Math.Max(from, cubeFrom)) / (to - from);
                        Assert.True(overlap is 0 or > 0.35, $"test set-up: a sliver of {overlap:F2} would be neither in nor out");
                        touches &= overlap > 0;
                    }

                    Assert.Equal(touches, map[d, h, w] > 0.5f);
                }
            }
        }
    }

    [Fact]
    public void The_score_at_a_source_voxel_is_that_of_the_patch_whose_box_holds_its_centre()
    {
        var order = AxisOrder.Between(('A', 'I', 'L'), ('S', 'L', 'P'));
        var transform = new VolumeTransform(order, (9, 14, 11), (12, 17, 19), (1, 2, 3), (10, 13, 14), (8, 16, 16));
        var map = new PatchScoreMap((2, 4, 4), [.. Enumerable.Range(0, 32).Select(i => i / 32f)], transform);

        var seen = 0;
        for (var a0 = 0; a0 < 11; a0++)
        {
            for (var a1 = 0; a1 < 9; a1++)
            {
                for (var a2 = 0; a2 < 14; a2++)
                {
                    var holders = Enumerable.Range(0, 32).Where(i => Holds(map.SourceBox(i / 16, i / 4 % 4, i % 4), a0, a1, a2)).ToArray();
                    Assert.InRange(holders.Length, 0, 1);
                    Assert.Equal(holders.Length == 0 ? null : holders[0] / 32f, map.At(a0, a1, a2));
                    seen += holders.Length;
                }
            }
        }

        Assert.True(seen > 300);
    }

    [Fact]
    public void A_patch_outside_the_grid_is_refused()
    {
        var order = AxisOrder.Between(('S', 'L', 'P'), ('S', 'L', 'P'));
        var transform = new VolumeTransform(order, (4, 4, 4), (4, 4, 4), (0, 0, 0), (4, 4, 4), (4, 4, 4));
        var map = new PatchScoreMap((1, 1, 2), [0.25f, 0.75f], transform);

        Assert.Equal(0.75f, map[0, 0, 1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => map[0, 0, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => map.SourceBox(0, -1, 0));
        Assert.Throws<ArgumentException>(() => new PatchScoreMap((1, 1, 2), [0.25f], transform));
    }

    private static bool Inside(int index, (int From, int To) range) => index >= range.From && index < range.To;

    private static (int From, int To) Range(((int, int) L, (int, int) P, (int, int) S) cube, char direction) =>
        PatientVolume.Axis(direction) switch { 0 => cube.L, 1 => cube.P, _ => cube.S };

    private static bool Holds(((double, double) A0, (double, double) A1, (double, double) A2) box, int a0, int a1, int a2) =>
        Within(box.A0, a0 + 0.5) && Within(box.A1, a1 + 0.5) && Within(box.A2, a2 + 0.5);

    private static bool Within((double From, double To) range, double position) => position >= range.From && position < range.To;

    private static float[] MaximumPerPatch(float[] volume, (int D, int H, int W) image, int patch)
    {
        var (gridH, gridW) = (image.H / patch, image.W / patch);
        var maximum = new float[image.D / patch * gridH * gridW];
        for (var i = 0; i < volume.Length; i++)
        {
            var (d, h, w) = (i / (image.H * image.W), i / image.W % image.H, i % image.W);
            ref var cell = ref maximum[(((d / patch * gridH) + (h / patch)) * gridW) + (w / patch)];
            cell = Math.Max(cell, volume[i]);
        }

        return maximum;
    }
}
