using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Runtime;
using HSENet.Model.Text;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using HSENet.Trainer.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>The contrastive models of a directory, stage by stage, and where they put volumes and reports.</summary>
internal sealed class ContrastiveModels : IDisposable
{
    private readonly ClipModel? _stage1;
    private readonly ClipModel? _stage2;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly PatchGuide _guide;
    private readonly int _longest;
    private readonly Device _device;

    private ContrastiveModels(Vit3DConfig image, ClipModel? stage1, ClipModel? stage2, WordPieceTokenizer tokenizer, PatchGuide guide, int longest, Device device) =>
        (Image, _stage1, _stage2, _tokenizer, _guide, _longest, _device) = (image, stage1, stage2, tokenizer, guide, longest, device);

    public Vit3DConfig Image { get; }

    /// <summary>1, 2 or both.</summary>
    public IReadOnlyList<int> Stages => [.. new[] { (1, _stage1), (2, _stage2) }.Where(stage => stage.Item2 is not null).Select(stage => stage.Item1)];

    /// <summary>True: patches are scored by the very report that is searched for, so that finding it proves nothing of the volume alone.</summary>
    public bool SeesReport => _stage2 is not null && _guide is PatchGuide.Text or PatchGuide.TextCls;

    /// <exception cref="HSENetModelException"><c>model.incomplete</c>: no contrastive file or no vocabulary; <c>weights.*</c>.</exception>
    public static ContrastiveModels Load(ModelDirectory directory, string device) => TensorLibrary.Run(() =>
    {
        var configuration = directory.Configuration;
        var vision = ModelConfiguration.Need(configuration.Vision, "vision");
        var text = ModelConfiguration.Need(configuration.Text, "text");
        var files = configuration.Weights.Where(file => file.Role == WeightRoles.Clip).Select(file => new WeightFile(directory.PathOf(file.Path), file.Prefix)).ToArray();
        if (files.Length == 0 || text.Files is not [var vocabulary])
        {
            throw new HSENetModelException("model.incomplete", $"The model directory does not have the part '{(files.Length == 0 ? "weights of the role clip" : "text.tokenizer (the vocabulary of the text encoder)")}'.");
        }

        var (image, sizes) = (vision.ToConfig(), text.ToConfig());
        var target = ComputeDevice.Find(device);
        var tokenizer = WordPieceTokenizer.Open(directory.PathOf(vocabulary));
        if (tokenizer.VocabularySize > sizes.Vocabulary)
        {
            throw new HSENetModelException("model.config", $"The vocabulary has {tokenizer.VocabularySize} ids, text.vocab is {sizes.Vocabulary}.");
        }

        var stage1 = vision.HasGlobal ? new ClipModel(image, null, sizes) : null;
        var stage2 = vision.HasLocal ? new ClipModel(image, vision.PatchGuide, sizes) : null;
        var models = new ContrastiveModels(image, stage1, stage2, tokenizer, vision.PatchGuide, sizes.Positions, target);
        try
        {
            var targets = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (var (model, prefix) in new[] { (stage1, stage2 is null ? "" : PublishedShapes.Stage1Prefix), (stage2, "") })
            {
                foreach (var (name, tensor) in model?.state_dict() ?? [])
                {
                    targets.Add(prefix + name, tensor);
                }
            }

            WeightLoader.Load([new(WeightRoles.Clip, files, targets)
            {
                Ignore = name => ClipNames.IsUnused(name) || (stage1 is null && name.StartsWith(PublishedShapes.Stage1Prefix, StringComparison.Ordinal)),
            }]);
            stage1?.to(target);
            stage2?.to(target);
            return models;
        }
        catch
        {
            models.Dispose();
            throw;
        }
    });

    /// <summary>Where each stage puts a volume and its report.</summary>
    /// <param name="study">Has a report, and slice features where they guide.</param>
    /// <param name="report">Cleaned.</param>
    /// <param name="random">Draws the sentences of a report that is too long.</param>
    public (float[]?[] Volumes, float[]?[] Reports) Encode(TrainingCase study, string report, Random random) => TensorLibrary.Run(() =>
    {
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        var fitted = ReportText.Fit(report, _longest, part => _tokenizer.Encode(part).Count + 2, random);
        var (ids, mask) = _tokenizer.EncodeSequence(fitted, Math.Min(_longest, _tokenizer.Encode(fitted).Count + 2));
        var (words, shown) = (tensor(ids, 1, ids.Length).to(_device), tensor(mask, 1, mask.Length).to(_device));    // [1, T]
        var first = _stage1?.EncodeText(words, shown);                                                            // [1, T, hidden]
        var volume = PreparedTensors.Volume(study, Image).to(_device);                                            // [1, 1, D, H, W]
        return (
            new[] { Row(_stage1?.EncodeImage(volume).Tokens), Row(Stage2(volume, study, first)?.Tokens) },
            new[] { Row(first), Row(_stage2?.EncodeText(words, shown)) });
    });

    /// <returns>Scores of the stage-2 tower, row-major over the grid; null where nothing scores the patches.</returns>
    public float[]? Scores(TrainingCase study) => _guide != PatchGuide.Slices || _stage2 is null ? null : TensorLibrary.Run(() =>
    {
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        return Stage2(PreparedTensors.Volume(study, Image).to(_device), study, null)?.PatchScores?.cpu().data<float>().ToArray();
    });

    public void Dispose()
    {
        _stage1?.Dispose();
        _stage2?.Dispose();
    }

    /// <param name="volume">[1, 1, D, H, W]</param>
    /// <param name="study">Brings the slice features.</param>
    /// <param name="report">[1, T, hidden] of stage 1</param>
    private ImageFeatures? Stage2(Tensor volume, TrainingCase study, Tensor? report) => _stage2?.EncodeImage(volume, _guide switch
    {
        PatchGuide.None => null,
        PatchGuide.Slices => (PreparedTensors.Slices(study, Image) ?? throw new TrainerException("data.shape", $"{study.Item.Id} has no slice features.")).to(_device),
        PatchGuide.TextCls => (report ?? throw NoTeacher()).narrow(1, 0, 1),                                       // [1, 1, hidden]
        _ => report ?? throw NoTeacher(),
    });

    private static HSENetModelException NoTeacher() => new("model.incomplete", "The patches of this model are scored by text features of stage 1, which the directory does not have.");

    private static float[]? Row(Tensor? tokens) => tokens?[0, 0].cpu().data<float>().ToArray();
}
