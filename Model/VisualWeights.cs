using HSENet.Model.Configuration;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>Finds the weights of the visual path among the files that <c>hsenet.json</c> names, whichever role brings them.</summary>
internal sealed class VisualWeights
{
    private readonly ModelConfiguration _configuration;
    private readonly ILookup<string, WeightFile> _files;

    public VisualWeights(ModelDirectory directory)
    {
        _configuration = directory.Configuration;
        var isQuestionsOnly = WeightTasks.IsQuestionsOnly(_configuration.Weights);
        _files = _configuration.Weights.Where(file => isQuestionsOnly || file.Task != WeightTasks.Question).ToLookup(file => file.Role, file => new WeightFile(directory.PathOf(file.Path), file.Prefix));
    }

    private VisionSection Vision => ModelConfiguration.Need(_configuration.Vision, "vision");

    private bool HasClip => _files.Contains(WeightRoles.Clip);

    /// <summary>The parts for which the directory names weights and sizes.</summary>
    public VisualParts Available()
    {
        if (_configuration.Vision is not { } vision)
        {
            return VisualParts.None;
        }

        var parts = VisualParts.None;
        void Add(VisualParts part, bool there) => parts |= there ? part : VisualParts.None;
        var packers = _configuration.Packer is not null && (_files.Contains(WeightRoles.Packers) || _files[WeightRoles.Adapter].Any(AdapterWeights.HoldsPackers));
        Add(VisualParts.SliceEncoder, _files.Contains(WeightRoles.SliceEncoder) && _configuration.Slices?.Encoder is not null);
        Add(VisualParts.GlobalTower, vision.HasGlobal && (HasClip || _files.Contains(WeightRoles.VisionStage1)));
        Add(VisualParts.LocalTower, vision.HasLocal && (HasClip || _files.Contains(WeightRoles.VisionStage2)));
        Add(VisualParts.GlobalPacker, vision.HasGlobal && packers);
        Add(VisualParts.LocalPacker, vision.HasLocal && packers);
        Add(VisualParts.Stage1Head, vision.HasGlobal && HasClip);
        Add(VisualParts.Stage2Head, vision.HasLocal && HasClip);
        return parts;
    }

    /// <returns>What to load into the network's modules.</returns>
    /// <exception cref="HSENetModelException"><c>model.incomplete</c>: the directory has no weights for a part that is built; <c>weights.unexpected</c>: packers twice.</exception>
    public IReadOnlyList<WeightPart> For(VisualNetwork network)
    {
        var parts = new List<WeightPart>();
        var clip = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var outer = ClipWeights.Stage1Prefix(Vision);
        AddTower(parts, clip, WeightRoles.VisionStage1, network.GlobalTower, outer + PublishedShapes.VisionPrefix);
        AddTower(parts, clip, WeightRoles.VisionStage2, network.LocalTower, PublishedShapes.VisionPrefix);
        AddTo(clip, network.Stage1Head, outer + "mm_vision_proj.");
        AddTo(clip, network.Stage2Head, "mm_vision_proj.");
        if (clip.Count > 0)
        {
            parts.Add(ClipWeights.Part(_configuration, Need(WeightRoles.Clip), clip));
        }

        if (network.SliceEncoder is { } encoder)
        {
            parts.Add(new WeightPart(WeightRoles.SliceEncoder, Need(WeightRoles.SliceEncoder), encoder.state_dict()));
        }

        if (network.GlobalPacker is not null || network.LocalPacker is not null)
        {
            parts.Add(PackerPart(network));
        }

        return parts;
    }

    /// <summary>The packers' tensors by their names in adapter files.</summary>
    public static IReadOnlyDictionary<string, Tensor> PackerTargets(VisualNetwork network)
    {
        var targets = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        AddTo(targets, network.GlobalPacker, AdapterNames.GlobalPacker);
        AddTo(targets, network.LocalPacker, AdapterNames.LocalPacker);
        return targets;
    }

    private static void AddTo(Dictionary<string, Tensor> targets, nn.Module? module, string prefix)
    {
        foreach (var (name, tensor) in module?.state_dict() ?? [])
        {
            targets.Add(prefix + name, tensor);
        }
    }

    private void AddTower(List<WeightPart> parts, Dictionary<string, Tensor> clip, string role, nn.Module? tower, string clipPrefix)
    {
        if (tower is null)
        {
            return;
        }

        if (!_files.Contains(role) && HasClip)
        {
            AddTo(clip, tower, clipPrefix);
            return;
        }

        parts.Add(new WeightPart(role, Need(role), tower.state_dict()));
    }

    /// <summary>Packers come from a file of their own or from the adapter file, in which the low-rank matrices stand beside them.</summary>
    private WeightPart PackerPart(VisualNetwork network)
    {
        AdapterWeights.RefuseTwoPackers(_files[WeightRoles.Packers], _files[WeightRoles.Adapter]);
        var role = _files.Contains(WeightRoles.Packers) ? WeightRoles.Packers : WeightRoles.Adapter;
        return new WeightPart(role, Need(role, "weights of the role packers or adapter"), PackerTargets(network))
        {
            Rename = AdapterNames.Canonical,
            Ignore = name => AdapterNames.IsLora(name)
                || (!Vision.HasGlobal && name.StartsWith(AdapterNames.GlobalPacker, StringComparison.Ordinal))
                || (!Vision.HasLocal && name.StartsWith(AdapterNames.LocalPacker, StringComparison.Ordinal)),
        };
    }

    private IReadOnlyList<WeightFile> Need(string role, string? what = null) => _files.Contains(role)
        ? [.. _files[role]]
        : throw new HSENetModelException("model.incomplete", $"The model directory does not have the part '{what ?? $"weights of the role {role}"}'.");
}
