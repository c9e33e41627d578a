using System.Text;
using HSENet.Model.Preprocessing;
using HSENet.Model.Tests.Vision;
using HSENet.TestKit;

namespace HSENet.Model.Tests.Preprocessing;

/// <summary>The JPEG step against libjpeg-turbo's own programs, to the bit.</summary>
public sealed class SliceJpegTests
{
    [Theory]
    [InlineData(8, 8, 95)]
    [InlineData(61, 83, 95)]
    [InlineData(64, 40, 95)]
    [InlineData(1, 1, 95)]
    [InlineData(9, 7, 75)]
    [InlineData(120, 121, 100)]
    [InlineData(50, 33, 30)]
    public async Task Pixels_equal_those_of_libjpeg(int height, int width, int quality)
    {
        foreach (var (name, image) in Images(height, width))
        {
            var ours = (byte[])image.Clone();
            SliceJpeg.Apply(ours, height, width, quality);
            Assert.True((await OfLibjpeg(image, height, width, quality)).SequenceEqual(ours), $"{name} of {height} x {width} at {quality}");
        }
    }

    [Fact]
    public async Task Golden_slices_equal_those_of_libjpeg()
    {
        using var golden = GoldenFile.Open("preprocess_ct_rate_small");
        var shape = golden.Shape("out/a_slices_u8");
        var (height, width) = ((int)shape[1], (int)shape[2]);
        var slices = new SliceStack(golden.Values<byte>("out/a_slices_u8"), (int)shape[0], height, width);
        var before = (byte[])slices.Pixels.Clone();

        SliceJpeg.Apply(slices, 95, new ParallelOptions());

        Assert.NotEqual(before, slices.Pixels);
        for (var s = 0; s < slices.Count; s++)
        {
            Assert.Equal(await OfLibjpeg(before[(s * height * width)..((s + 1) * height * width)], height, width, 95), slices.Slice(s).ToArray());
        }
    }

    private static IEnumerable<(string Name, byte[] Image)> Images(int height, int width)
    {
        var random = new Random(height + width);
        var noise = new byte[height * width];
        random.NextBytes(noise);
        yield return ("noise", noise);
        yield return ("black and white", [.. noise.Select(value => (byte)(value > 127 ? 255 : 0))]);
        yield return ("ramp", [.. Enumerable.Range(0, height * width).Select(i => (byte)(((i / width * 3) + (i % width * 5)) % 256))]);
        yield return ("disc", [.. Enumerable.Range(0, height * width)
            .Select(i => (byte)(Math.Pow((i / width) - (height / 2.0), 2) + Math.Pow((i % width) - (width / 2.0), 2) < height * width / 8.0 ? 180 + random.Next(30) : 0))]);
    }

    private static async Task<byte[]> OfLibjpeg(byte[] image, int height, int width, int quality)
    {
        using var folder = new TempFolder("jpeg");
        await File.WriteAllBytesAsync(folder.Path("a.pgm"), [.. Encoding.ASCII.GetBytes($"P5\n{width} {height}\n255\n"), .. image]);
        await Run("cjpeg", "-quality", $"{quality}", "-dct", "int", "-baseline", "-outfile", folder.Path("a.jpg"), folder.Path("a.pgm"));
        await Run("djpeg", "-dct", "int", "-pnm", "-outfile", folder.Path("b.pgm"), folder.Path("a.jpg"));
        return (await File.ReadAllBytesAsync(folder.Path("b.pgm")))[^(height * width)..];
    }

    private static async Task Run(string program, params string[] arguments)
    {
        var result = await Dcmtk.RunAsync(program, arguments);
        Assert.True(result.ExitCode == 0, result.Error);
    }
}
