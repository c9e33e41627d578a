using HSENet.Model.Configuration;
using HSENet.Model.Preprocessing;
using HSENet.Model.Runtime;
using HSENet.Model.Text;
using HSENet.Model.Vision;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>
/// Volumes and texts in the shared spaces of the contrastive stages, for retrieval. Takes a directory with any subset of the parts, without a language
/// model too. Not thread safe: one call at a time.
/// </summary>
public sealed class EmbeddingModel : IDisposable
{
    private const VisualParts ImageSide =
        VisualParts.SliceEncoder | VisualParts.GlobalTower | VisualParts.LocalTower | VisualParts.Stage1Head | VisualParts.Stage2Head;

    private const int LongestText = 200_000;

    private readonly VisualNetwork? _visual;
    private readonly TextNetwork _text;
    private readonly VolumePreprocessor? _preprocessor;
    private readonly EncoderText? _texts;
    private readonly Device _device;

    private EmbeddingModel(
        ModelIdentity identity, VisualNetwork? visual, TextNetwork text, VolumePreprocessor? preprocessor, EncoderText? texts, Device device)
    {
        Identity = identity;
        (_visual, _text, _preprocessor, _texts, _device) = (visual, text, preprocessor, texts, device);
    }

    /// <summary>Name, version and digest.</summary>
    public ModelIdentity Identity { get; }

    /// <summary>The directory has towers with their projections, and says how volumes are prepared.</summary>
    public bool CanEmbedVolumes => _visual is not null && _preprocessor is not null;

    /// <summary>The directory has text encoders with their projections, and their vocabulary (<c>text.tokenizer</c>).</summary>
    public bool CanEmbedTexts => _text.Any && _texts is not null;

    /// <summary>Loads what a directory has of the contrastive stages; all or nothing (<see cref="HSENetModelException"/>).</summary>
    /// <param name="directory">The model directory.</param>
    /// <param name="device"><c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>.</param>
    /// <exception cref="HSENetModelException">
    /// <c>model.incomplete</c>: there is no contrastive file; else <c>model.*</c>, <c>weights.*</c>, <c>tokenizer.format</c>: the message names the part,
    /// file or tensor.
    /// </exception>
    public static EmbeddingModel Load(string directory, string device = "auto") => TensorLibrary.Run(() => LoadDirectory(directory, ComputeDevice.Find(device)));

    /// <summary>
    /// Preprocess and encode. Stage 2 needs the slice encoder where the tower is guided by slices, and is left out where it is guided by text.
    /// </summary>
    /// <param name="input">The CT volume.</param>
    /// <param name="cancellationToken">Looked at between slices and parts.</param>
    /// <exception cref="HSENetModelException">
    /// <c>model.incomplete</c>: the directory lacks a part, which is named; <c>model.input</c>: the volume cannot be used; <c>model.runtime</c>.
    /// </exception>
    public ContrastiveEmbedding EmbedVolume(CtInput input, CancellationToken cancellationToken = default) => Run(() =>
    {
        var visual = _visual ?? throw Missing("weights of the role clip, and of the role slice-encoder where slices guide the only tower");
        var prepared = (_preprocessor ?? throw Missing("preprocessing")).Run(input, cancellationToken);
        var volume = prepared.ToTensor().to(_device);                                               // [1, 1, D, H, W]
        var features = visual.SliceEncoder is not { } encoder ? null
            : encoder.EncodeVolume(SliceImages.ToTensor(prepared.Slices, encoder.Config.Image).to(_device), cancellationToken);   // [1, S, hidden]
        return Embed(volume, features, cancellationToken);
    });

    /// <summary>
    /// Encodes a report by the rules of training: quotes and brackets go; one that is too long keeps its first sentence and others drawn with a fixed seed.
    /// </summary>
    /// <param name="text">1 to 200,000 characters, not only white space.</param>
    /// <exception cref="HSENetModelException">
    /// <c>model.incomplete</c>: the directory lacks a part, which is named; <c>model.input</c>: the text is empty or too long; <c>model.runtime</c>.
    /// </exception>
    public ContrastiveEmbedding EmbedText(string text) => Run(() =>
    {
        if (!_text.Any)
        {
            throw Missing("weights of the role clip");
        }

        var rules = _texts ?? throw Missing("text.tokenizer");
        if (text.Length > LongestText || string.IsNullOrWhiteSpace(EncoderText.Clean(text)))
        {
            throw new HSENetModelException("model.input", $"A text has 1 to {LongestText} characters and is not only quotes, brackets and white space.");
        }

        var ids = rules.Ids(text);
        var row = tensor(ids, 1, ids.Length).to(_device);                                           // [1, T]
        return Embed(row, ones_like(row));
    });

    /// <param name="volume">[1, 1, D, H, W], values 0..1</param>
    /// <param name="guide">slice features [1, S, hidden]; null where nothing is guided by slices</param>
    /// <param name="cancellationToken">Looked at between the parts.</param>
    internal ContrastiveEmbedding Embed(Tensor volume, Tensor? guide, CancellationToken cancellationToken)
    {
        var visual = _visual!;
        var towers = visual.EncodeTowers(volume, guide, null, cancellationToken);                   // [1, 1 + N, hidden] each
        return new ContrastiveEmbedding { Stage1 = Values(VisualNetwork.Embed(visual.Stage1Head, towers.Global)), Stage2 = Values(VisualNetwork.Embed(visual.Stage2Head, towers.Local)) };
    }

    /// <param name="ids">[1, T]</param>
    /// <param name="mask">[1, T]: 1 for text, 0 for padding</param>
    internal ContrastiveEmbedding Embed(Tensor ids, Tensor mask)
    {
        var (stage1, stage2) = _text.Embed(ids, mask);
        return new ContrastiveEmbedding { Stage1 = Values(stage1), Stage2 = Values(stage2) };
    }

    /// <summary>Not during a call.</summary>
    public void Dispose()
    {
        _visual?.Dispose();
        _text.Dispose();
        NativeHeap.Trim();
    }

    private static EmbeddingModel LoadDirectory(string directory, Device device)
    {
        set_num_threads(Environment.ProcessorCount);
        var source = ModelDirectory.Open(directory);
        var configuration = source.Configuration;
        var weights = new VisualWeights(source);
        var identity = new ModelIdentity(configuration.Name, configuration.Version, source.Digest(), configuration.Purpose, configuration.ReportWarning);
        var parts = Wanted(configuration, weights.Available());
        var visual = parts == VisualParts.None ? null : new VisualNetwork(configuration, parts);
        var text = new TextNetwork(source);
        try
        {
            if (visual is null && !text.Any)
            {
                throw Missing("weights of the role clip");
            }

            var texts = text.Any ? OpenTokenizer(source) : null;
            var preprocessor = configuration is { Preprocessing: { } preprocessing, Vision: { } vision, Slices: { } slices }
                ? new VolumePreprocessor(preprocessing.ToSpec(vision, slices))
                : null;
            WeightLoader.Load([.. visual is null ? [] : weights.For(visual), .. text.Weights()]);
            visual?.MoveTo(device);
            text.MoveTo(device);
            return new EmbeddingModel(identity, visual, text, preprocessor, texts, device);
        }
        catch
        {
            visual?.Dispose();
            text.Dispose();
            throw;
        }
    }

    /// <summary>A tower is of use with its projection only, and a guided one with its guide only.</summary>
    private static VisualParts Wanted(ModelConfiguration configuration, VisualParts available)
    {
        bool Has(VisualParts parts) => (available & parts) == parts;
        var isGuided = configuration.Vision?.PatchGuide != PatchGuide.None;
        var canGuide = !isGuided || (configuration.Vision?.PatchGuide == PatchGuide.Slices && Has(VisualParts.SliceEncoder));
        var parts = available & ImageSide;
        parts &= Has(VisualParts.GlobalTower | VisualParts.Stage1Head) ? parts : ~(VisualParts.GlobalTower | VisualParts.Stage1Head);
        parts &= Has(VisualParts.LocalTower | VisualParts.Stage2Head) && canGuide ? parts : ~(VisualParts.LocalTower | VisualParts.Stage2Head);
        return isGuided && (parts & VisualParts.LocalTower) != 0 ? parts : parts & ~VisualParts.SliceEncoder;
    }

    private static EncoderText? OpenTokenizer(ModelDirectory source)
    {
        var text = source.Configuration.Text!;
        if (text.Tokenizer is not { } file)
        {
            return null;
        }

        var tokenizer = WordPieceTokenizer.Open(source.PathOf(file));
        return tokenizer.VocabularySize <= text.Vocab
            ? new EncoderText(tokenizer, text.Positions)
            : throw new HSENetModelException("model.config", $"{file} has {tokenizer.VocabularySize} ids, text.vocab is {text.Vocab}.");
    }

    private static HSENetModelException Missing(string part) => new("model.incomplete", $"The model directory does not have the part '{part}'.");

    private static float[]? Values(Tensor? embedding) => embedding?.cpu().data<float>().ToArray();

    private static ContrastiveEmbedding Run(Func<ContrastiveEmbedding> work) => TensorLibrary.Run(() =>
    {
        using var quiet = inference_mode();
        try
        {
            using var scope = NewDisposeScope();
            return work();
        }
        finally
        {
            NativeHeap.Trim();
        }
    });
}
