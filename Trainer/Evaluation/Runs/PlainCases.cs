using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Preprocessing;
using HSENet.Model.Runtime;
using HSENet.Model.Weights;
using HSENet.Trainer.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>Stand-in until the data side is merged.</summary>
internal sealed class PlainCases : ITrainingData, IDisposable
{
    private readonly StudyManifest _manifest;
    private readonly VolumePreprocessor _preprocessor;
    private readonly VisualNetwork? _network;

    public PlainCases(StudyManifest manifest, ModelDirectory model)
    {
        _manifest = manifest;
        var c = model.Configuration;
        _preprocessor = new(c.Preprocessing!.ToSpec(c.Vision!, c.Slices!));
        if (c.Slices?.Encoder is not null && c.Vision!.HasLocal)
        {
            _network = new VisualNetwork(c, VisualParts.SliceEncoder);
            WeightLoader.Load(new VisualWeights(model).For(_network));
        }
    }

    public int Count => _manifest.Items.Count;

    public ManifestItem Item(int index) => _manifest.Items[index];

    public TrainingCase Load(int index) => TensorLibrary.Run(() =>
    {
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        var item = Item(index);
        var prepared = _preprocessor.Run(HuVolumeFile.Read(_manifest.Resolve(item.Volume)), CancellationToken.None);
        var slices = _network?.SliceEncoder?.EncodeVolume(SliceImages.ToTensor(prepared.Slices, _network.SliceEncoder.Config.Image), CancellationToken.None).data<float>().ToArray();
        return new TrainingCase(item, prepared.ToTensor().data<float>().ToArray(), slices);
    });

    public void Dispose() => _network?.Dispose();
}
