using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Augmentation;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Data.Augmentation;

public sealed class VolumeAugmentationTests
{
    private static readonly (int D, int H, int W) s_size = (3, 6, 6);
    private static readonly (char D, char H, char W) s_axes = ('S', 'L', 'P');
    private static readonly float[] s_volume = [.. Enumerable.Range(0, 3 * 6 * 6).Select(i => i / 108f)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_turn_is_rot90_of_axes_2_and_3(int quarters)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(Values(Volume().rot90(quarters, (1, 2))), VolumeMoves.Rotate(s_volume, s_size, quarters));
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, true, true)]
    public void Flips_are_those_of_the_tensor_library(bool depth, bool axis1, bool axis2)
    {
        using var scope = NewDisposeScope();
        long[] axes = [.. new[] { depth, axis1, axis2 }.Select((on, axis) => on ? axis : -1L).Where(axis => axis >= 0)];
        Assert.Equal(Values(Volume().flip(axes)), VolumeMoves.Flip(s_volume, s_size, depth, axis1, axis2));
    }

    [Theory]
    [InlineData(1, -2, 3)]
    [InlineData(-1, 2, -3)]
    [InlineData(0, 0, 0)]
    public void A_move_repeats_the_border(int d, int h, int w)
    {
        var moved = VolumeMoves.Move(s_volume, s_size, (d, h, w));
        for (var i = 0; i < moved.Length; i++)
        {
            var (z, y, x) = (Math.Clamp((i / 36) - d, 0, 2), Math.Clamp((i / 6 % 6) - h, 0, 5), Math.Clamp((i % 6) - w, 0, 5));
            Assert.Equal(s_volume[(((z * 6) + y) * 6) + x], moved[i]);
        }
    }

    [Fact]
    public void Each_change_comes_as_often_and_as_strongly_as_the_reference_has_it()
    {
        const int Draws = 20_000;
        var augmentation = new VolumeAugmentation(AugmentationOptions.Reference, s_size, s_axes);
        var turned = Enumerable.Range(0, 4).Select(quarters => quarters == 0 ? s_volume : VolumeMoves.Rotate(s_volume, s_size, quarters)).ToArray();
        var (turns, depths, mirrored, scaled, shifted) = (new int[4], 0, new int[4], new List<double>(), new List<double>());
        for (var draw = 0; draw < Draws; draw++)
        {
            var result = augmentation.Apply(Case(), new Random(draw)).Volume;
            var (scale, shift) = Intensity(result);
            if (Math.Abs(scale - 1) > 1e-4)
            {
                scaled.Add(scale - 1);
            }

            if (Math.Abs(shift) > 1e-4)
            {
                shifted.Add(shift);
            }

            var moves = Find(result.Select(value => (float)((value - shift) / scale)).ToArray(), turned);
            turns[moves.Quarters]++;
            depths += moves.Depth ? 1 : 0;
            mirrored[moves.Quarters] += moves.Axis1 ? 1 : 0;
        }

        // a turn by 180 degrees with one flip in the plane is the other flip: what is seen is the orientation. One flip alone has 0.1 * 0.9; that of axis 2 is seen
        // as that of axis 1 with a turn by 180 degrees more: 0.09 * (1/2 + 1/6) for the even turns, 0.09 * (1/6 + 1/6) for the odd ones
        Assert.InRange(depths / (double)Draws, 0.09, 0.11);
        Assert.All([0, 2], quarters => Assert.InRange(mirrored[quarters] / (double)Draws, 0.054, 0.066));
        Assert.All([1, 3], quarters => Assert.InRange(mirrored[quarters] / (double)Draws, 0.025, 0.035));
        Assert.InRange((turns[1] + turns[3]) / (double)Draws, 0.32, 0.35);
        Assert.InRange(scaled.Count / (double)Draws, 0.48, 0.51);
        Assert.InRange(shifted.Count / (double)Draws, 0.48, 0.51);
        foreach (var values in new[] { scaled, shifted })
        {
            Assert.InRange(values.Min(), -0.1001, -0.095);
            Assert.InRange(values.Max(), 0.095, 0.1001);
            Assert.InRange(values.Average(), -0.002, 0.002);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Each_axis_is_flipped_one_time_in_ten(int axis)
    {
        const int Draws = 20_000;
        var all = AugmentationOptions.Reference with { Rotate = 0, Scale = 0, Shift = 0 };
        var alone = all with { FlipDepth = axis == 0 ? all.FlipDepth : 0, FlipAxis1 = axis == 1 ? all.FlipAxis1 : 0, FlipAxis2 = axis == 2 ? all.FlipAxis2 : 0 };
        var augmentation = new VolumeAugmentation(alone, s_size, s_axes);
        var flipped = VolumeMoves.Flip(s_volume, s_size, axis == 0, axis == 1, axis == 2);
        var count = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var result = augmentation.Apply(Case(), new Random(draw)).Volume;
            var isFlipped = result.AsSpan().SequenceEqual(flipped);
            Assert.True(isFlipped || result.AsSpan().SequenceEqual(s_volume));
            count += isFlipped ? 1 : 0;
        }

        Assert.InRange(count / (double)Draws, 0.09, 0.11);
    }

    [Fact]
    public void Item_and_slice_features_stay_and_the_given_volume_is_not_changed()
    {
        var (before, features) = (Case(), new float[] { 1, 2 });
        var after = new VolumeAugmentation(AugmentationOptions.Reference with { Rotate = 1, Scale = 1, Shift = 1, NoiseDeviation = 0.1f }, s_size, s_axes).Apply(before with { SliceFeatures = features }, new Random(1));
        Assert.Same(features, after.SliceFeatures);
        Assert.Same(before.Item, after.Item);
        Assert.Equal([.. Enumerable.Range(0, 108).Select(i => i / 108f)], before.Volume);
        Assert.NotEqual(before.Volume, after.Volume);
    }

    [Fact]
    public void The_same_generator_gives_the_same_and_nothing_is_clipped()
    {
        var augmentation = new VolumeAugmentation(AugmentationOptions.Reference with { Scale = 1, Shift = 1 }, s_size, s_axes);
        Assert.Equal(augmentation.Apply(Case(), new Random(4)).Volume, augmentation.Apply(Case(), new Random(4)).Volume);
        var all = Enumerable.Range(0, 50).SelectMany(seed => augmentation.Apply(Case(), new Random(seed)).Volume).ToList();
        Assert.True(all.Min() < -0.05 && all.Max() > 1.05);
    }

    [Fact]
    public void Nothing_is_nothing() =>
        Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(s_volume, new VolumeAugmentation(AugmentationOptions.None, s_size, s_axes).Apply(Case(), new Random(seed)).Volume));

    [Theory]
    [InlineData('S', 'L', 'P', 1)]
    [InlineData('S', 'P', 'L', 2)]
    [InlineData('R', 'S', 'P', 0)]
    public void Kept_sides_leave_a_marker_of_the_left_lung_on_the_left(char d, char h, char w, int sideways)
    {
        var size = (D: 4, H: 4, W: 4);
        var isLeftHigh = new[] { d, h, w }[sideways] == 'L';
        var marked = new float[64];
        for (var i = 0; i < 64; i++)
        {
            var at = sideways switch { 0 => i / 16, 1 => i / 4 % 4, _ => i % 4 };
            marked[i] = at >= 2 == isLeftHigh ? 1 : 0;
        }

        var options = AugmentationOptions.Reference with { Rotate = 1, FlipDepth = 1, FlipAxis1 = 1, FlipAxis2 = 1, Scale = 0, Shift = 0 };
        TrainingCase Apply(bool keeps, int seed) => new VolumeAugmentation(options with { KeepSides = keeps }, size, (d, h, w)).Apply(Case() with { Volume = marked }, new Random(seed));
        Assert.All(Enumerable.Range(0, 30), seed => Assert.Equal(marked, Apply(true, seed).Volume));
        Assert.Contains(Enumerable.Range(0, 30), seed => !marked.SequenceEqual(Apply(false, seed).Volume));
    }

    [Fact]
    public void Phantoms_are_moved_a_little_and_get_noise()
    {
        var size = (D: 8, H: 32, W: 32);
        var volume = new float[8 * 32 * 32];
        var result = new VolumeAugmentation(AugmentationOptions.Phantom, size, s_axes).Apply(Case() with { Volume = volume }, new Random(2)).Volume;
        Assert.InRange(result.Average(), -0.001, 0.001);
        Assert.InRange(Math.Sqrt(result.Average(value => value * value)), 0.0095, 0.0105);
        Assert.True(result.Distinct().Count() > 1000);

        var steps = new HashSet<int>();
        volume[(4 * 1024) + (16 * 32) + 16] = 1;
        for (var seed = 0; seed < 400; seed++)
        {
            var moved = new VolumeAugmentation(AugmentationOptions.Phantom with { NoiseDeviation = 0 }, size, s_axes).Apply(Case() with { Volume = volume }, new Random(seed)).Volume;
            var at = Array.IndexOf(moved, 1f);
            Assert.InRange(at / 1024, 3, 5);
            Assert.InRange(at / 32 % 32, 13, 19);
            steps.Add((at % 32) - 16);
        }

        Assert.Equal(Enumerable.Range(-3, 7), steps.Order());
    }

    [Fact]
    public void Turns_of_planes_that_are_not_square_are_refused()
    {
        Assert.Equal("settings.range", Assert.Throws<TrainerException>(() => new VolumeAugmentation(AugmentationOptions.Reference, (4, 8, 6), s_axes)).Code);
        _ = new VolumeAugmentation(AugmentationOptions.Reference with { KeepSides = true }, (4, 8, 6), s_axes);
        Assert.Throws<TrainerException>(() => new VolumeAugmentation(AugmentationOptions.Reference with { Scale = 1.5 }, s_size, s_axes));
        Assert.Throws<TrainerException>(() => new VolumeAugmentation(AugmentationOptions.None with { MoveVoxels = (3, 0, 0) }, s_size, s_axes));
    }

    private static TrainingCase Case() => new(new() { Id = "a", Volume = "x" }, s_volume, null);

    private static Tensor Volume() => tensor(s_volume, [3, 6, 6]);

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    /// <summary>The volume holds 0 and 107/108, wherever they went.</summary>
    private static (double Scale, double Shift) Intensity(float[] volume)
    {
        double shift = volume.Min();
        return ((volume.Max() - shift) * 108 / 107, shift);
    }

    private static (int Quarters, bool Depth, bool Axis1) Find(float[] volume, float[][] turned)
    {
        for (var quarters = 0; quarters < 4; quarters++)
        {
            foreach (var flips in new[] { (false, false), (true, false), (false, true), (true, true) })
            {
                var wanted = VolumeMoves.Flip(turned[quarters], s_size, flips.Item1, flips.Item2, false);
                if (Math.Abs(wanted[0] - volume[0]) < 1e-4 && Math.Abs(wanted[1] - volume[1]) < 1e-4 && Math.Abs(wanted[6] - volume[6]) < 1e-4)
                {
                    return (quarters, flips.Item1, flips.Item2);
                }
            }
        }

        throw new InvalidOperationException("no such orientation");
    }
}
