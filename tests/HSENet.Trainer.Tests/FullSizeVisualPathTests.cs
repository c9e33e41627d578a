using System.Globalization;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using HSENet.TestKit;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests;

/// <summary>The visual path at full size, random weights of the published shapes: through import, load and one volume of 32 x 256 x 256.</summary>
public sealed class FullSizeVisualPathTests(ITestOutputHelper log) : IDisposable
{
    private const double Deviation = 0.02;
    private const long MaxPeakKiB = 6L << 20;

    private readonly TempFolder _folder = new("full-size");

    [Fact]
    public void Published_shapes_are_imported_loaded_and_run()
    {
        manual_seed(20261124);
        Random("clip.safetensors", PublishedLayouts.Authors("stage2_clip"));
        Random("adapter.safetensors", PublishedLayouts.Authors("vlm_adapter_file"));
        Random("biomed.safetensors", PublishedShapes.SliceEncoder(SliceEncoderConfig.Full).ToDictionary(item => "visual.trunk." + item.Key, item => item.Value));
        TrainerRun.Of(
            "import", "--out", _folder.Path("model"), "--clip", _folder.Path("clip.safetensors"), "--adapter", _folder.Path("adapter.safetensors"),
            "--slice-encoder", _folder.Path("biomed.safetensors")).Done();
        using (var inputs = NewDisposeScope())
        {
            SafeTensorsWriter.Write(_folder.Path("in"), new Dictionary<string, Tensor>
            {
                ["volume"] = rand([1, 1, 32, 256, 256], ScalarType.Float32),
                ["slices"] = randint(0, 256, [1, 32, 300, 280], ScalarType.Byte),
            });
        }

        var start = TimeProvider.System.GetTimestamp();
        TrainerRun.Of("encode", "--model", _folder.Path("model"), "--input", _folder.Path("in"), "--out", _folder.Path("out")).Done();

        log.WriteLine($"encode: {TimeProvider.System.GetElapsedTime(start).TotalSeconds:F0} s, peak resident {PeakKiB() >> 10} MiB");
        using var scope = NewDisposeScope();
        using var results = SafeTensorsFile.Open(_folder.Path("out"));
        Assert.Equal([1, 2048, 768], results.Read("global_tokens").shape);
        Assert.Equal([1, 2048, 768], results.Read("local_tokens").shape);
        Assert.Equal([1, 2048], results.Read("patch_scores").shape);
        Assert.Equal([1, 256, 3072], results.Read("visual_tokens").shape);
        Assert.Equal(1, results.Read("image_embedding_stage1").norm().item<float>(), 1e-4);
        Assert.Equal(1, results.Read("image_embedding_stage2").norm().item<float>(), 1e-4);
        Assert.True(results.Read("visual_tokens").isfinite().all().item<bool>());
        Assert.InRange(results.Read("visual_tokens").std().item<float>(), 1e-6f, 100);
        Assert.InRange(PeakKiB(), 1, MaxPeakKiB);
    }

    public void Dispose() => _folder.Dispose();

    private void Random(string name, Dictionary<string, long[]> shapes) => SafeTensorsWriter.WriteItems(
        _folder.Path(name),
        shapes.Select(item => new SafeTensorsItem(item.Key, ScalarType.BFloat16, item.Value, () => (randn(item.Value, ScalarType.Float32) * Deviation).to_type(ScalarType.BFloat16))));

    private static long PeakKiB() => long.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
