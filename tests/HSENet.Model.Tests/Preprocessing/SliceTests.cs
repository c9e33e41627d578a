using HSENet.Model.Preprocessing;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model.Tests.Preprocessing;

public sealed class SliceTests
{
    [Fact]
    public void Slice_indices_equal_a_truncated_linspace_of_libtorch()
    {
        for (var depth = 32; depth < 700; depth++)
        {
            using var expected = linspace(0, depth - 1, 32).to(ScalarType.Int64);
            Assert.Equal(expected.data<long>().Select(i => (int)i), SliceSampler.EvenlySpacedIndices(depth, 32));
        }
    }

    [Fact]
    public void A_slice_is_turned_clockwise()
    {
        // depth S, rows L, columns P; bright at the first row and first column
        var input = new CtInput
        {
            Hu = [500, 0, 0, 0, 0, -500, 500, 0, 0, 0, 0, -500],
            Shape = (2, 2, 3),
            SpacingMm = (1.5, 0.75, 0.75),
            Axes = ('S', 'L', 'P'),
        };

        var slices = new VolumePreprocessor(new PreprocessSpec { Image = (2, 2, 2), SliceCount = 2 }).Run(input, CancellationToken.None).Slices;

        Assert.Equal((2, 3, 2), (slices.Count, slices.Height, slices.Width));
        Assert.Equal(new byte[] { 127, 255, 127, 127, 0, 127 }, slices.Slice(1).ToArray());
    }

    [Fact]
    public void Each_slice_is_scaled_on_its_own_and_a_constant_one_is_black()
    {
        var input = new CtInput
        {
            Hu = [-1000, 1000, -1000, 0, 70, 70, -3000, 3000],
            Shape = (4, 1, 2),
            SpacingMm = (1.5, 0.75, 0.75),
            Axes = ('S', 'L', 'P'),
        };

        var slices = new VolumePreprocessor(new PreprocessSpec { Image = (2, 1, 2), SliceCount = 4 }).Run(input, CancellationToken.None).Slices;

        Assert.Equal(new byte[] { 0, 255, 0, 255, 0, 0, 0, 255 }, slices.Pixels);
    }

    [Theory]
    [InlineData(61, 45, 32, 32)]
    [InlineData(20, 24, 32, 40)]
    [InlineData(100, 33, 11, 33)]
    public void Bicubic_resize_equals_that_of_libtorch_but_for_the_rounding_between_its_passes(int height, int width, int newHeight, int newWidth)
    {
        var random = new Random(5);
        var pixels = Enumerable.Range(0, height * width).Select(_ => (byte)random.Next(70, 185)).ToArray();   // no overshoot beyond 0..255

        var resized = BicubicResize.Resize(pixels, height, width, newHeight, newWidth);

        using var scope = NewDisposeScope();
        var expected = nn.functional.interpolate(
            tensor(pixels.Select(p => (float)p).ToArray(), [1, 1, height, width]), [newHeight, newWidth], mode: InterpolationMode.Bicubic,
            align_corners: false, antialias: true).clamp(0, 255).data<float>().ToArray();
        Assert.All(expected.Zip(resized), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1.25));
        Assert.InRange(expected.Zip(resized, (e, r) => (double)(r - e)).Average(), -0.1, 0.1);
    }

    [Fact]
    public void An_image_of_the_wanted_size_passes_unchanged()
    {
        byte[] pixels = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        Assert.Equal(pixels, SliceImages.ToSquare(pixels, 16, 16, 16));
    }

    [Theory]
    [InlineData(16, 24)]
    [InlineData(24, 16)]
    public void The_longer_side_is_cropped_around_its_centre(int height, int width)
    {
        var pixels = Enumerable.Range(0, height * width)
            .Select(i => (byte)(height > width ? i / width : i % width)).ToArray();

        var square = SliceImages.ToSquare(pixels, height, width, 16);

        Assert.Equal(4, square[0]);
        Assert.Equal(19, square[^1]);
    }

    [Fact]
    public void Slices_become_normalised_three_channel_images()
    {
        var stack = new SliceStack([.. Enumerable.Repeat((byte)0, 64), .. Enumerable.Repeat((byte)255, 64)], 2, 8, 8);

        using var images = SliceImages.ToTensor(stack, 4);

        Assert.Equal(new long[] { 2, 3, 4, 4 }, images.shape);
        double[] mean = [0.48145466, 0.4578275, 0.40821073], deviation = [0.26862954, 0.26130258, 0.27577711];
        for (var channel = 0; channel < 3; channel++)
        {
            Assert.Equal(-mean[channel] / deviation[channel], images[0, channel, 2, 3].item<float>(), 1e-5);
            Assert.Equal((1 - mean[channel]) / deviation[channel], images[1, channel, 0, 0].item<float>(), 1e-5);
        }
    }
}
