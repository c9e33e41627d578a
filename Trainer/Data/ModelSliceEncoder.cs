using System.Security.Cryptography;
using System.Text;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Preprocessing;
using HSENet.Model.Runtime;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Data;

/// <summary>The slice encoder of a model directory, loaded when the first volume needs it.</summary>
internal sealed class ModelSliceEncoder : ISliceFeatureEncoder, IDisposable
{
    private readonly ModelDirectory _directory;
    private readonly Lazy<VisualNetwork> _network;
    private readonly Lazy<string> _digest;

    /// <exception cref="HSENetModelException"><c>model.incomplete</c>: the directory has no slice encoder; <c>model.*</c>.</exception>
    public ModelSliceEncoder(string directory)
    {
        _directory = ModelDirectory.Open(directory);
        var slices = ModelConfiguration.Need(_directory.Configuration.Slices, "slices");
        if ((new VisualWeights(_directory).Available() & VisualParts.SliceEncoder) == 0)
        {
            throw new HSENetModelException("model.incomplete", "The model directory does not have the part 'weights of the role slice-encoder'.");
        }

        Width = slices.Width;
        _digest = new(MakeDigest);
        _network = new(Load);
    }

    public int Width { get; }

    /// <summary>Of the weight files and sizes of the encoder alone: what else the directory holds makes no other features.</summary>
    public string Digest => _digest.Value;

    public bool IsLoaded => _network.IsValueCreated;

    public float[] Encode(SliceStack slices, CancellationToken cancellationToken) => TensorLibrary.Run(() =>
    {
        var encoder = _network.Value.SliceEncoder!;   // loaded outside the scope, which would take its parameters away with it
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        var images = SliceImages.ToTensor(slices, encoder.Config.Image);             // [S, 3, image, image]
        return encoder.EncodeVolume(images, cancellationToken).data<float>().ToArray();   // [1, S, width]
    });

    public void Dispose()
    {
        if (_network.IsValueCreated)
        {
            _network.Value.Dispose();
        }
    }

    private VisualNetwork Load()
    {
        var network = new VisualNetwork(_directory.Configuration, VisualParts.SliceEncoder);
        WeightLoader.Load(new VisualWeights(_directory).For(network));
        return network;
    }

    private string MakeDigest()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes($"{_directory.Configuration.Slices!.Width}|{_directory.Configuration.Slices.Encoder}"));
        foreach (var weight in _directory.Configuration.Weights.Where(weight => weight.Role == WeightRoles.SliceEncoder))
        {
            digest.AppendData(Encoding.UTF8.GetBytes($"|{weight.Prefix}|"));
            using var file = File.OpenRead(_directory.PathOf(weight.Path));
            digest.AppendData(SHA256.HashData(file));
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
