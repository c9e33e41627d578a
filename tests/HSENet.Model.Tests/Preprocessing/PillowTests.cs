using HSENet.Model.Preprocessing;
using HSENet.TestKit;

namespace HSENet.Model.Tests.Preprocessing;

/// <summary>The slices' resize against Pillow itself, which made the published slice features: byte for byte.</summary>
public sealed class PillowTests
{
    private const string Python = "/usr/bin/python3"; // Debian's, which python3-pil is for

    private const string Script = """
        import sys
        from PIL import Image
        source, target, width, height, new_width, new_height = sys.argv[1:3] + [int(n) for n in sys.argv[3:]]
        image = Image.frombytes("L", (width, height), open(source, "rb").read())
        open(target, "wb").write(image.resize((new_width, new_height), Image.BICUBIC).tobytes())
        """;

    [Theory]
    [InlineData(512, 512, 224, 224)]
    [InlineData(512, 600, 224, 262)]
    [InlineData(300, 280, 240, 224)]
    [InlineData(61, 45, 32, 32)]
    [InlineData(20, 24, 224, 269)]
    [InlineData(100, 33, 11, 33)]
    public async Task Bicubic_resize_is_that_of_Pillow(int height, int width, int newHeight, int newWidth)
    {
        if (!File.Exists(Python) || (await Dcmtk.RunAsync(Python, "-c", "import PIL")).ExitCode != 0)
            Requirement.Missing("Pillow (Debian's python3-pil)");
        using var folder = new TempFolder("pillow");
        var random = new Random(5);
        var pixels = new byte[height * width];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (i / width / 7 % 3) switch { 0 => (byte)random.Next(256), 1 => (byte)(i % width), _ => (byte)(i % 2 * 255) }; // noise, ramps, edges that overshoot
        await File.WriteAllBytesAsync(folder.Path("in"), pixels, TestContext.Current.CancellationToken);

        var run = await Dcmtk.RunAsync(Python, ["-c", Script, folder.Path("in"), folder.Path("out"), $"{width}", $"{height}", $"{newWidth}", $"{newHeight}"]);

        Assert.True(run.ExitCode == 0, run.Everything);
        Assert.Equal(await File.ReadAllBytesAsync(folder.Path("out"), TestContext.Current.CancellationToken), BicubicResize.Resize(pixels, height, width, newHeight, newWidth));
    }
}
