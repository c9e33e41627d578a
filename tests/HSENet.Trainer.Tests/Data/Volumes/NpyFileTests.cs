using System.Text;
using HSENet.TestKit;
using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Volumes;

namespace HSENet.Trainer.Tests.Data.Volumes;

public sealed class NpyFileTests : IDisposable
{
    private readonly PhantomStudies _studies = new();

    [Theory]
    [InlineData("<f4", 1)]
    [InlineData("<f8", 1)]
    [InlineData("<f2", 2)]
    [InlineData("<f4", 3)]
    public void Arrays_of_each_width_and_version_are_read(string type, byte version)
    {
        float[] values = [0.5f, -2, 1024, 0.25f, 3, 7];
        Write("a.npy", type, [2, 3], values, version);
        var (shape, read) = NpyFile.Read(_studies.Folder.Path("a.npy"));
        Assert.Equal([2, 3], shape);
        Assert.Equal(values, read);
    }

    [Theory]
    [InlineData(">f4", "False", "(2, 3)")]
    [InlineData("<i4", "False", "(2, 3)")]
    [InlineData("|O", "False", "(2, 3)")]
    [InlineData("<f4", "True", "(2, 3)")]
    [InlineData("<f4", "False", "(2, 4)")]
    [InlineData("<f4", "False", "(99999999999, 3)")]
    [InlineData("<f4", "False", "(65536, 65536, 65536, 65536)")]
    [InlineData("<f4", "False", "()")]
    public void Other_arrays_are_refused(string type, string order, string shape)
    {
        File.WriteAllBytes(_studies.Folder.Path("a.npy"), [.. Header($"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}", 1), .. new byte[24]]);
        Assert.Equal("npy.format", Assert.Throws<TrainerException>(() => NpyFile.Read(_studies.Folder.Path("a.npy"))).Code);
    }

    [Fact]
    public void A_preprocessed_array_is_taken_as_it_is_and_needs_features_of_its_own()
    {
        var random = new Random(1);
        var volume = Enumerable.Range(0, 8 * 32 * 32).Select(_ => random.NextSingle()).ToArray();
        Write("good.npy", "<f4", [1, 8, 32, 32], volume);
        Write("small.npy", "<f4", [1, 8, 32, 16], volume[..(8 * 32 * 16)]);
        Write("range.npy", "<f4", [1, 8, 32, 32], [.. volume.Select(value => value * 2)]);
        Write("features.npy", "<f4", [6, 2], [.. Enumerable.Range(0, 12).Select(i => (float)i)]);
        Write("narrow.npy", "<f4", [6, 3], new float[18]);
        ManifestItem Item(string name, string? features) => PhantomStudies.Item(name + features, name) with { SliceFeatures = features };
        using var data = _studies.Prepare(
            new(_studies.Folder.Root, [Item("good.npy", "features.npy"), Item("small.npy", "features.npy"), Item("range.npy", "features.npy"), Item("good.npy", null), Item("good.npy", "narrow.npy")], []),
            encoder: new CountingSliceEncoder(),
            change: options => options with { AsHalf = false, Features = SliceFeatureUse.Manifest });
        Assert.Equal(1, data.Count);
        Assert.Equal(volume, data.Load(0).Volume);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (float)i), data.Load(0).SliceFeatures);
        Assert.Equal(["data.shape", "data.range", "data.features", "data.features"], data.Bad.Select(bad => bad.Code));
    }

    public void Dispose() => _studies.Dispose();

    private static byte[] Header(string text, byte version)
    {
        var header = Encoding.Latin1.GetBytes(text + "\n");
        byte[] length = version == 1 ? [(byte)header.Length, (byte)(header.Length >> 8)] : BitConverter.GetBytes(header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. header];
    }

    private void Write(string name, string type, int[] shape, float[] values, byte version = 1)
    {
        var body = values.SelectMany(value => type switch { "<f2" => BitConverter.GetBytes((Half)value), "<f8" => BitConverter.GetBytes((double)value), _ => BitConverter.GetBytes(value) });
        File.WriteAllBytes(_studies.Folder.Path(name), [.. Header($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Join(", ", shape)},), }}", version), .. body]);
    }
}
