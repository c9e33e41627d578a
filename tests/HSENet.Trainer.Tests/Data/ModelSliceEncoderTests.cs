using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Preprocessing;
using HSENet.Model.Weights;
using HSENet.TestKit;
using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Volumes;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Data;

public sealed class ModelSliceEncoderTests : IDisposable
{
    private readonly PhantomStudies _studies = new();

    [Fact]
    public void Features_are_those_of_the_models_encoder_and_a_warm_cache_loads_no_model()
    {
        var directory = ModelDirectory.Open(Repo.Path("Model", "Demo"));
        var spec = directory.Configuration.Preprocessing!.ToSpec(directory.Configuration.Vision!, directory.Configuration.Slices!);
        var manifest = _studies.Write(1);
        using (var encoder = new ModelSliceEncoder(directory.Root))
        {
            Assert.False(encoder.IsLoaded);
            using var cold = _studies.Prepare(manifest, spec, encoder);
            Assert.True(encoder.IsLoaded);

            using var scope = NewDisposeScope();
            using var network = new VisualNetwork(directory.Configuration, VisualParts.SliceEncoder);
            WeightLoader.Load(new VisualWeights(directory).For(network));
            var ready = new VolumePreprocessor(spec).Run(DicomFolder.ToInput(PhantomStudies.Draw(0)), TestContext.Current.CancellationToken);
            var features = network.SliceEncoder!.call(SliceImages.ToTensor(ready.Slices, network.SliceEncoder.Config.Image));   // [S, width]
            var (wanted, given) = (features.flatten().data<float>().ToArray(), cold.Load(0).SliceFeatures!);
            Assert.Equal(spec.SliceCount * encoder.Width, given.Length);
            Assert.All(wanted.Zip(given), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }

        using var idle = new ModelSliceEncoder(directory.Root);
        using var warm = _studies.Prepare(manifest, spec, idle);
        Assert.NotNull(warm.Load(0).SliceFeatures);
        Assert.False(idle.IsLoaded);
    }

    [Fact]
    public void A_directory_without_a_slice_encoder_is_told()
    {
        var (shipped, folder) = (ModelDirectory.Open(Repo.Path("Model", "Demo")), _studies.Folder.Folder("model"));
        foreach (var file in Directory.GetFiles(shipped.Root))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        ModelDirectory.Write(folder, shipped.Configuration with { Weights = [.. shipped.Configuration.Weights.Where(weight => weight.Role != WeightRoles.SliceEncoder)] });
        Assert.Equal("model.incomplete", Assert.Throws<HSENetModelException>(() => new ModelSliceEncoder(_studies.Folder.Path("model"))).Code);
    }

    public void Dispose() => _studies.Dispose();
}
