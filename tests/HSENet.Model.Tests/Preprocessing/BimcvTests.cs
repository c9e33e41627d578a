using HSENet.Model.Preprocessing;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Preprocessing;

/// <summary>The BIMCV-R variant (hsenet.md 3.3) against a second computation with tensors; no golden file exists for it.</summary>
public sealed class BimcvTests : IDisposable
{
    private static readonly PreprocessSpec s_spec = new() { Protocol = PreprocessSpec.BimcvProtocol, Image = (8, 16, 24), SliceCount = 32 };

    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(40, 30, 26)]
    [InlineData(12, 17, 50)]      // fewer slices than wanted: they repeat
    public void Volume_and_slices_equal_a_second_computation(int depth, int height, int width)
    {
        var random = new Random(depth);
        var hu = Enumerable.Range(0, depth * height * width)
            .Select(i => (short)(i / width % height is < 2 or > 12 || i % width < 3 ? -1024 : random.Next(-1100, 900))).ToArray();
        var input = new CtInput { Hu = hu, Shape = (depth, height, width), SpacingMm = (3, 0.6, 0.6), Axes = ('S', 'L', 'P') };

        var result = new VolumePreprocessor(s_spec).Run(input, CancellationToken.None);

        var volume = tensor(hu.Select(value => (float)value).ToArray(), depth, height, width).clamp(-1000, 200);
        volume = (volume - volume.min()) / (volume.max() - volume.min());
        var kept = volume[.., 2..13, 3..];                                                       // what lies above the minimum
        var expected = nn.functional.interpolate(kept.unsqueeze(0).unsqueeze(0), [8, 16, 24], mode: InterpolationMode.Trilinear, align_corners: false);
        using var actual = result.ToTensor();
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 2e-5f);

        var (low, high) = ((double)hu.Min(), (double)hu.Max());
        Assert.Equal((width, height), (result.Slices.Height, result.Slices.Width));
        for (var s = 0; s < 32; s++)
        {
            var d = s == 31 ? depth - 1 : (int)(s * (depth - 1) / 31.0);
            for (var h = 0; h < height; h++)
            {
                for (var w = 0; w < width; w++)
                {
                    // a quarter turn counter-clockwise: the last column becomes the first row
                    var value = (byte)((hu[(((d * height) + h) * width) + w] - low) / (high - low) * 255);
                    Assert.Equal(value, result.Slices.Slice(s)[((width - 1 - w) * height) + h]);
                }
            }
        }
    }

    [Fact]
    public void Spacing_changes_nothing()
    {
        var hu = Enumerable.Range(0, 4 * 5 * 6).Select(i => (short)(i * 7)).ToArray();
        var input = new CtInput { Hu = hu, Shape = (4, 5, 6), SpacingMm = (3, 0.6, 0.6), Axes = ('S', 'L', 'P') };
        var preprocessor = new VolumePreprocessor(s_spec);
        Assert.Equal(preprocessor.Run(input, default).Volume, preprocessor.Run(input with { SpacingMm = (1, 1, 1) }, default).Volume);
    }

    [Fact]
    public void The_jpeg_step_is_the_last_of_the_slices()
    {
        var hu = Enumerable.Range(0, 4 * 5 * 6).Select(i => (short)(i * 7)).ToArray();
        var input = new CtInput { Hu = hu, Shape = (4, 5, 6), SpacingMm = (3, 0.6, 0.6), Axes = ('S', 'L', 'P') };
        foreach (var protocol in new[] { PreprocessSpec.BimcvProtocol, PreprocessSpec.CtRateProtocol })
        {
            var plain = new VolumePreprocessor(s_spec with { Protocol = protocol }).Run(input, default).Slices;
            var jpeg = new VolumePreprocessor(s_spec with { Protocol = protocol, SliceJpegQuality = 95 }).Run(input, default).Slices;
            SliceJpeg.Apply(plain, 95, new ParallelOptions());
            Assert.Equal(plain.Pixels, jpeg.Pixels);
        }
    }

    public void Dispose() => _scope.Dispose();
}
