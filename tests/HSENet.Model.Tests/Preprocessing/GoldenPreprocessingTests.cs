using HSENet.Model.Preprocessing;
using HSENet.Model.Tests.Vision;

namespace HSENet.Model.Tests.Preprocessing;

/// <summary>The CT-RATE protocol against the reference's numbers. Its arrays are NIfTI order (x, y, z); its target here is 8 x 16 x 24.</summary>
public sealed class GoldenPreprocessingTests
{
    private const double Tolerance = 2e-5;

    private static readonly PreprocessSpec s_spec = new() { Image = (8, 16, 24) };

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void Volume_and_crop_equal_the_golden_ones(string name)
    {
        using var golden = GoldenFile.Open("preprocess_ct_rate_small");

        var result = new VolumePreprocessor(s_spec).Run(Input(golden, name), CancellationToken.None);

        var crop = result.Transform.CropSize;
        Assert.Equal(golden.Values<long>($"out/{name}_cropped_shape"), new long[] { 1, crop.D, crop.H, crop.W });
        using var volume = result.ToTensor();
        Assert.InRange(golden.Difference($"out/{name}_volume_8x16x24", volume.squeeze(0)), 0, Tolerance);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void Resampled_planes_equal_the_golden_ones_after_min_max(string name)
    {
        using var golden = GoldenFile.Open("preprocess_ct_rate_small");
        var shape = golden.Shape($"out/{name}_resampled_minmax");
        var expected = golden.Values<float>($"out/{name}_resampled_minmax");
        var input = Input(golden, name);
        var source = new OrientedVolume(input, AxisOrder.Between(input.Axes, s_spec.Axes));

        var volume = new ResampledVolume(source, ((int)shape[1], (int)shape[2], (int)shape[3]), new HuWindow(-1000, 200));
        var foreground = Foreground.Find(volume, new ParallelOptions());

        var (workspace, plane) = (volume.NewWorkspace(), new double[volume.PlaneSize]);
        for (var d = 0; d < volume.Size.D; d++)
        {
            volume.ComputePlane(d, workspace, plane);
            for (var i = 0; i < plane.Length; i++)
            {
                Assert.Equal(expected[(d * plane.Length) + i], foreground.Normalize((float)plane[i]), Tolerance);
            }
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void Slices_equal_the_golden_ones(string name)
    {
        using var golden = GoldenFile.Open("preprocess_ct_rate_small");
        var expected = golden.Values<byte>($"out/{name}_slices_u8");

        var slices = new VolumePreprocessor(s_spec).Run(Input(golden, name), CancellationToken.None).Slices;

        Assert.Equal(golden.Shape($"out/{name}_slices_u8"), new long[] { slices.Count, slices.Height, slices.Width });
        Assert.Equal(expected, slices.Pixels);
    }

    private static CtInput Input(GoldenFile golden, string name)
    {
        var shape = golden.Shape($"in/{name}_raw_xyz");
        var about = golden.Metadata("cases").GetProperty(name);
        var (slope, intercept) = (about.GetProperty("slope").GetDouble(), about.GetProperty("intercept").GetDouble());
        var spacing = about.GetProperty("xy_spacing").GetDouble();
        return new CtInput
        {
            Hu = [.. golden.Values<short>($"in/{name}_raw_xyz").Select(v => (short)((v * slope) + intercept))],
            Shape = ((int)shape[0], (int)shape[1], (int)shape[2]),
            SpacingMm = (spacing, spacing, about.GetProperty("z_spacing").GetDouble()),
            Axes = (s_spec.Axes.H, s_spec.Axes.W, s_spec.Axes.D),
        };
    }
}
