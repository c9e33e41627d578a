using System.Diagnostics;
using HSENet.Model.Preprocessing;
using HSENet.TestKit;
using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Augmentation;
using HSENet.Trainer.Data.Cache;
using static TorchSharp.torch;

namespace HSENet.Trainer.Tests.Data.Loading;

/// <summary>Reading keeps ahead of training: a ratio of two times of one thread, so that the machine does not matter.</summary>
public sealed class LoadingSpeedTests(ITestOutputHelper log)
{
    private const int Products = 12 * 9;   // of a stage-1 step: 12 layers, each 12 hidden^2 weights (3 such products), forward and twice as much backward
    private const double LargestShare = 0.05;

    [Fact]
    public void Reading_and_augmenting_a_full_size_study_costs_a_small_share_of_its_training_step()
    {
        using var folder = new TempFolder("loading");
        var spec = PreprocessSpec.CtRate;
        var (store, key) = (new TensorStore(folder.Root), new byte[32]);
        var random = new Random(1);
        var volume = Enumerable.Range(0, 32 * 256 * 256).Select(_ => random.NextSingle()).ToArray();
        store.Write(key, volume, asHalf: true);
        var augmentation = new VolumeAugmentation(AugmentationOptions.Reference, spec.Image, spec.Axes);
        var item = new ManifestItem { Id = "a", Volume = "x" };
        var load = Fastest(() => augmentation.Apply(new TrainingCase(item, store.TryRead(key, volume.Length)!, null), random));

        using var scope = NewDisposeScope();
        var (tokens, weights) = (rand(2049, 768), rand(768, 3072));
        var threads = get_num_threads();
        set_num_threads(1);
        var product = Fastest(() => tokens.matmul(weights).Dispose());
        set_num_threads(threads);

        log.WriteLine($"{load.TotalMilliseconds:F1} ms a study and worker; a product of a step {product.TotalMilliseconds:F1} ms; share {load / (product * Products):P2}");
        Assert.InRange(load / (product * Products), 0, LargestShare);
    }

    private static TimeSpan Fastest(Action work)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 15; i++)
        {
            var clock = Stopwatch.StartNew();
            work();
            best = clock.Elapsed < best ? clock.Elapsed : best;
        }

        return best;
    }
}
