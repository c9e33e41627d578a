using HSENet.Model.Preprocessing;

namespace HSENet.Model.Tests.Preprocessing;

public sealed class VolumePreprocessorTests
{
    private static readonly PreprocessSpec s_spec = new() { Image = (4, 8, 8), SliceCount = 4 };

    private static CtInput Sound => new()
    {
        Hu = [.. Enumerable.Range(0, 4 * 6 * 8).Select(i => (short)((i * 37 % 1100) - 950))],
        Shape = (4, 6, 8),
        SpacingMm = (3, 1, 1),
        Axes = ('S', 'P', 'L'),
    };

    public static TheoryData<string> Unsound =>
        new("too few values", "no voxels", "negative length", "no spacing", "negative spacing", "endless spacing", "not a number",
            "axis twice", "unknown axis", "too thin", "too deep", "too wide", "too many columns");

    [Theory]
    [MemberData(nameof(Unsound))]
    public void A_volume_that_contradicts_itself_is_refused(string how)
    {
        var input = how switch
        {
            "too few values" => Sound with { Shape = (4, 6, 9) },
            "no voxels" => Sound with { Hu = [], Shape = (0, 6, 8) },
            "negative length" => Sound with { Shape = (-4, -6, 8) },
            "no spacing" => Sound with { SpacingMm = (0, 1, 1) },
            "negative spacing" => Sound with { SpacingMm = (3, -1, 1) },
            "endless spacing" => Sound with { SpacingMm = (3, 1, double.PositiveInfinity) },
            "not a number" => Sound with { SpacingMm = (double.NaN, 1, 1) },
            "axis twice" => Sound with { Axes = ('S', 'L', 'R') },
            "unknown axis" => Sound with { Axes = ('S', 'P', 'X') },
            "too thin" => Sound with { SpacingMm = (0.3, 1, 1) },
            "too many columns" => Sound with { Hu = new short[4097], Shape = (1, 1, 4097), SpacingMm = (3, 1, 0.001) },
            "too deep" => Sound with { SpacingMm = (1e6, 1, 1) },
            _ => Sound with { SpacingMm = (3, 1e5, 1) },
        };

        var refused = Assert.Throws<HSENetModelException>(() => new VolumePreprocessor(s_spec).Run(input, CancellationToken.None));

        Assert.Equal("model.input", refused.Code);
    }

    [Fact]
    public void A_volume_of_one_value_is_refused()
    {
        var input = Sound with { Hu = [.. Enumerable.Repeat((short)-1024, Sound.Hu.Length)] };
        var refused = Assert.Throws<HSENetModelException>(() => new VolumePreprocessor(s_spec).Run(input, CancellationToken.None));
        Assert.Equal("model.input", refused.Code);
    }

    [Fact]
    public void A_wrong_specification_is_refused_when_the_model_is_loaded()
    {
        Assert.Equal("preprocessing.protocol", Refusal(s_spec with { Protocol = "m3d" }));
        Assert.Equal("model.config", Refusal(s_spec with { SliceJpegQuality = 101 }));
        Assert.Equal("model.config", Refusal(s_spec with { Axes = ('S', 'S', 'L') }));
        Assert.Equal("model.config", Refusal(s_spec with { SpacingMm = (1.5, 0, 0.75) }));
        Assert.Equal("model.config", Refusal(s_spec with { VolumeWindow = (200, -1000) }));
        Assert.Equal("model.config", Refusal(s_spec with { SliceCount = 0 }));
        Assert.Equal("model.config", Refusal(s_spec with { SliceCount = 100_000 }));

        static string Refusal(PreprocessSpec spec) => Assert.Throws<HSENetModelException>(() => new VolumePreprocessor(spec)).Code;
    }

    [Fact]
    public void The_network_volume_is_within_0_and_1_and_the_input_is_left_alone()
    {
        var input = Sound;
        var copy = (short[])input.Hu.Clone();

        var result = new VolumePreprocessor(s_spec).Run(input, CancellationToken.None);

        Assert.All(result.Volume, v => Assert.InRange(v, 0, 1));
        Assert.Equal(copy, input.Hu);
        using var tensor = result.ToTensor();
        Assert.Equal(new long[] { 1, 1, 4, 8, 8 }, tensor.shape);
    }

    [Fact]
    public void A_cancelled_token_stops_the_work()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new VolumePreprocessor(s_spec).Run(Sound, cancelled.Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Foreground_found_plane_by_plane_equals_that_of_the_whole_volume(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 40; round++)
        {
            var (d, h, w) = (random.Next(1, 6), random.Next(1, 6), random.Next(2, 6));
            // few values and many repeats: the minimum misses whole planes, fills others
            var hu = Enumerable.Range(0, d * h * w).Select(_ => random.Next(8) == 0 ? (short)random.Next(-40, 40) : (short)-40).ToArray();
            (hu[0], hu[^1]) = ((short)random.Next(-40, -30), 40);
            var input = new CtInput { Hu = hu, Shape = (d, h, w), SpacingMm = (1, 1, 1), Axes = ('S', 'L', 'P') };
            var source = new OrientedVolume(input, AxisOrder.Between(input.Axes, ('S', 'L', 'P')));
            var volume = new ResampledVolume(source, (d, h, w), new HuWindow(-1000, 200));

            var found = Foreground.Find(volume, new ParallelOptions());

            var above = Enumerable.Range(0, hu.Length).Where(i => hu[i] > hu.Min()).Select(i => (D: i / (h * w), H: i / w % h, W: i % w)).ToArray();
            Assert.Equal((hu.Min(), hu.Max()), ((short)found.Minimum, (short)found.Maximum));
            Assert.Equal((above.Min(v => v.D), above.Min(v => v.H), above.Min(v => v.W)), found.Start);
            Assert.Equal(
                (above.Max(v => v.D), above.Max(v => v.H), above.Max(v => v.W)),
                (found.Start.D + found.Size.D - 1, found.Start.H + found.Size.H - 1, found.Start.W + found.Size.W - 1));
        }
    }
}
