using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>The text side of the contrastive stages, as far as a directory has them.</summary>
internal sealed class TextNetwork : IDisposable
{
    private readonly ModelConfiguration _configuration;
    private readonly IReadOnlyList<WeightFile> _files;

    /// <summary>Builds the modules from their sizes; the weights are not loaded yet. Both stages are null where the directory has no contrastive file.</summary>
    public TextNetwork(ModelDirectory directory)
    {
        _configuration = directory.Configuration;
        _files = [.. _configuration.Weights.Where(file => file.Role == WeightRoles.Clip).Select(file => new WeightFile(directory.PathOf(file.Path), file.Prefix))];
        if (_files.Count > 0 && _configuration is { Vision: { } vision, Text: { } text })
        {
            var config = text.ToConfig();
            Stage1 = vision.HasGlobal ? new TextTower(config, vision.Hidden) : null;
            Stage2 = vision.HasLocal ? new TextTower(config, vision.Hidden) : null;
        }
    }

    public TextTower? Stage1 { get; }

    public TextTower? Stage2 { get; }

    /// <summary>True when there is anything to encode a text with.</summary>
    public bool Any => Stage1 is not null || Stage2 is not null;

    /// <returns>What to load into the modules.</returns>
    public IReadOnlyList<WeightPart> Weights()
    {
        var targets = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (tower, prefix) in new[] { (Stage1, Stage1Prefix()), (Stage2, string.Empty) })
        {
            foreach (var (name, tensor) in tower?.state_dict() ?? [])
            {
                targets.Add(prefix + name, tensor);
            }
        }

        return targets.Count == 0 ? [] : [ClipWeights.Part(_configuration, _files, targets)];
    }

    /// <param name="ids">[B, T]</param>
    /// <param name="mask">[B, T]: 1 for text, 0 for padding</param>
    /// <returns>[B, hidden] of each stage, length 1; the caller owns them</returns>
    public (Tensor? Stage1, Tensor? Stage2) Embed(Tensor ids, Tensor mask) => (Embed(Stage1, ids, mask), Embed(Stage2, ids, mask));

    public void MoveTo(Device device)
    {
        Stage1?.to(device);
        Stage2?.to(device);
    }

    public void Dispose()
    {
        Stage1?.Dispose();
        Stage2?.Dispose();
    }

    private static Tensor? Embed(TextTower? tower, Tensor ids, Tensor mask)
    {
        using var scope = NewDisposeScope();
        return tower is null ? null : Vision.VisionTokens.Cls(tower.call(ids, mask)).contiguous().MoveToOuterDisposeScope();   // [B, hidden]
    }

    private string Stage1Prefix() => _configuration.Vision is { } vision ? ClipWeights.Stage1Prefix(vision) : string.Empty;
}
