using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Importing;

/// <summary>Holds each published file to the names, shapes and types that it must have. Faults are collected, so that all files are judged.</summary>
internal sealed class PartMatcher(ImportSizes sizes)
{
    private const string TrunkPrefix = "visual.trunk.";
    private const string AdapterPrefix = "base_model.model.model.";
    private const string OutputLayer = "lm_head.weight";

    private readonly List<HSENetModelException> _faults = [];
    private readonly List<(string Name, string Path, bool HasPackers)> _adapters = [];

    public List<ImportPart> Parts { get; } = [];

    /// <summary>The towers that the contrastive file holds; <c>both</c> where there is none.</summary>
    public string Towers { get; private set; } = "both";

    /// <summary>The adapters bring packers.</summary>
    public bool HasPackers => _adapters.Exists(adapter => adapter.HasPackers);

    /// <summary>Visual tokens of a volume; 0 without packers.</summary>
    public int VisualTokens => !HasPackers ? 0 : sizes.Packer.Points.D * sizes.Packer.Points.H * sizes.Packer.Points.W * (Towers == "both" ? 2 : 1);

    public void AddClip(ITensorFile file)
    {
        var names = file.Entries.Select(entry => entry.Name).ToList();
        var isStage2 = names.Exists(name => name.StartsWith(PublishedShapes.Stage1Prefix, StringComparison.Ordinal)
            || name.Contains("slice_guided_attention", StringComparison.Ordinal) || name.Contains("patch_score_proj", StringComparison.Ordinal));
        Towers = isStage2 ? "both" : "global";
        Add(WeightRoles.Clip, file, PublishedShapes.ClipFile(sizes.Vision, sizes.Text, stage1: true, stage2: isStage2, guided: true), name => name, ClipNames.IsUnused, string.Empty);
    }

    /// <param name="file">The authors' adapter, or a PEFT adapter.</param>
    /// <param name="task">What it was trained for; empty: whatever is asked.</param>
    public void AddAdapter(ITensorFile file, string task)
    {
        var shapes = PublishedShapes.Lora(sizes.Language, sizes.Lora.Rank);
        var hasPackers = !sizes.Peft.Contains(file.Path) || file.Entries.Any(entry => AdapterNames.Canonical(entry.Name).StartsWith("mm_projector", StringComparison.Ordinal));
        var name = task.Length == 0 ? WeightRoles.Adapter : $"{WeightRoles.Adapter}-{task}";
        _adapters.Add((name, file.Path, hasPackers));
        if (hasPackers)
        {
            var packer = PublishedShapes.SpatialPacker(sizes.Packer);
            shapes = PublishedShapes.Join((string.Empty, shapes), (AdapterNames.GlobalPacker, packer));
            shapes = Towers == "both" ? PublishedShapes.Join((string.Empty, shapes), (AdapterNames.LocalPacker, packer)) : shapes;
        }

        Try(() => Parts.Add(new ImportPart(WeightRoles.Adapter, $"{name}.safetensors", AdapterPrefix, Match(name, file, shapes, AdapterNames.Canonical, _ => false))
        {
            Task = task, Spelling = Published, Metadata = AdapterMetadata.Of(sizes.Lora),
        }));
    }

    public void AddSliceEncoder(ITensorFile file)
    {
        var isClip = file.Entries.Any(entry => entry.Name.StartsWith("visual.", StringComparison.Ordinal));
        Func<string, string> rename = !isClip ? name => name
            : name => name.StartsWith(TrunkPrefix, StringComparison.Ordinal) ? name[TrunkPrefix.Length..] : $"not the trunk: {name}";
        Func<string, bool> ignore = !isClip ? name => name is "head.weight" or "head.bias"
            : name => name.StartsWith("not the trunk: text.", StringComparison.Ordinal) || name.StartsWith("not the trunk: visual.head.", StringComparison.Ordinal)
                || name is "not the trunk: logit_scale";
        Add(WeightRoles.SliceEncoder, file, PublishedShapes.SliceEncoder(sizes.SliceEncoder), rename, ignore, TrunkPrefix);
    }

    public void AddTextEncoder(ITensorFile file) => Add(
        WeightRoles.TextEncoder, file, PublishedShapes.TextEncoder(sizes.Text), TextEncoderNames.Canonical, TextEncoderNames.IsUnused, string.Empty);

    public void AddLanguageModel(ITensorFile file, bool int8)
    {
        var shapes = PublishedShapes.LanguageModel(sizes.Language);
        var quantized = int8 ? shapes.Where(item => item.Value.Length == 2 && !item.Key.Contains("embed_tokens", StringComparison.Ordinal)).Select(item => item.Key) : [];
        Try(() =>
        {
            CheckOutputLayer(file);
            var sources = Match(WeightRoles.LanguageModel, file, shapes, name => name, name => name == OutputLayer);
            Parts.Add(new ImportPart(WeightRoles.LanguageModel, "language-model.safetensors", string.Empty, sources)
            {
                Quantized = quantized.ToHashSet(StringComparer.Ordinal),
            });
        });
    }

    /// <exception cref="HSENetModelException">The code of the first fault, the messages of all.</exception>
    public void Check()
    {
        Try(CheckPackers);
        if (_faults.Count > 0)
        {
            throw new HSENetModelException(_faults[0].Code, string.Join(" | ", _faults.Select(fault => fault.Message)), _faults[0]);
        }
    }

    /// <summary>Runs one judgement; what it finds wrong is told by <see cref="Check"/>.</summary>
    public void Try(Action judge)
    {
        try
        {
            judge();
        }
        catch (HSENetModelException e)
        {
            _faults.Add(e);
        }
    }

    /// <summary>Packers belong to the adapter that they were trained with: one that has none cannot use the other's, and a directory of both would never load.</summary>
    private void CheckPackers()
    {
        if (HasPackers && _adapters.Find(adapter => !adapter.HasPackers) is { Name: { } name, Path: var path })
        {
            throw new HSENetModelException(
                "weights.missing",
                $"{name} ({path}): it holds low-rank matrices alone and lacks the packers ({AdapterNames.GlobalPacker}*, {AdapterNames.LocalPacker}*); those of the other adapter are not its own.");
        }
    }

    private void Add(
        string role, ITensorFile file, Dictionary<string, long[]> shapes, Func<string, string> rename, Func<string, bool> ignore, string prefix) =>
        Try(() => Parts.Add(new ImportPart(role, $"{role}.safetensors", prefix, Match(role, file, shapes, rename, ignore))));

    private static IReadOnlyDictionary<string, TensorSource> Match(
        string role, ITensorFile file, Dictionary<string, long[]> shapes, Func<string, string> rename, Func<string, bool> ignore) =>
        ExpectedTensors.Match(
            $"{role} ({file.Path})",
            shapes,
            file.Entries.Select(entry => KeyValuePair.Create(rename(entry.Name), new TensorSource(file, entry))).Where(item => !ignore(item.Key)));

    /// <summary>The authors' spelling: <c>.default</c> after the name of each low-rank matrix.</summary>
    private static string Published(string canonical) =>
        canonical.Replace(".lora_A.", ".lora_A.default.", StringComparison.Ordinal).Replace(".lora_B.", ".lora_B.default.", StringComparison.Ordinal);

    /// <summary>The output layer is tied to the embeddings; a file that has both must have them equal.</summary>
    private static void CheckOutputLayer(ITensorFile file)
    {
        const string Embeddings = "model.embed_tokens.weight";
        if (!file.Entries.Any(entry => entry.Name == OutputLayer) || !file.Entries.Any(entry => entry.Name == Embeddings))
        {
            return;
        }

        using var scope = NewDisposeScope();
        var (output, embeddings) = (file.View(OutputLayer), file.View(Embeddings));
        if (output.dtype != embeddings.dtype || !output.shape.SequenceEqual(embeddings.shape) || !output.Equals(embeddings))
        {
            throw new HSENetModelException("weights.unexpected", $"{file.Path}: {OutputLayer} differs from {Embeddings}; only tied embeddings are supported.");
        }
    }
}
