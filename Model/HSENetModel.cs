using HSENet.Model.Configuration;
using HSENet.Model.Generation;
using HSENet.Model.Generation.Guards;
using HSENet.Model.Preprocessing;
using HSENet.Model.Runtime;
using HSENet.Model.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>A loaded model directory: the facade that hosts use. Not thread safe: one call at a time.</summary>
public sealed class HSENetModel : IDisposable
{
    private const int LongestQuestion = 2000;

    private readonly ReportNetwork _network;
    private readonly VolumePreprocessor _preprocessor;
    private readonly ReportGenerator _generator;
    private readonly GenerationOptions _options;
    private readonly GenerationOptions _answerOptions;
    private readonly ITokenizer _tokenizer;
    private readonly Device _device;
    private readonly ReportPrompt? _prompt;   // null: it writes no reports
    private readonly int? _sliceImage;   // null: no slice encoder
    private int _busy;
    private bool _disposed;

    private HSENetModel(
        ModelIdentity identity, ReportNetwork network, VolumePreprocessor preprocessor, ITokenizer tokenizer, ModelConfiguration configuration, Device device)
    {
        Identity = identity;
        var request = WeightTasks.IsQuestionsOnly(configuration.Weights) ? string.Empty : configuration.Prompt?.Report ?? string.Empty;
        var generation = ModelConfiguration.Need(configuration.Generation, "generation");
        (_options, _answerOptions) = (generation.ToOptions(device.type == DeviceType.CUDA), generation.ToAnswerOptions(device.type == DeviceType.CUDA));
        _prompt = request.Trim().Length == 0 ? null
            : ReportPrompt.Build(tokenizer, network.VisualTokens, request).Within(network.Language.Config, _options.MaxNewTokens);
        _network = network;
        _preprocessor = preprocessor;
        _generator = new ReportGenerator(network.Language, tokenizer, TimeProvider.System);
        _tokenizer = tokenizer;
        _device = device;
        _sliceImage = network.Visual.SliceEncoder?.Config.Image;
    }

    /// <summary>Name, version and digest for the report and the audit.</summary>
    public ModelIdentity Identity { get; }

    /// <summary>Index of the CUDA device that it runs on, as CUDA counts; null on the processor.</summary>
    public int? GpuIndex => _device.type == DeviceType.CUDA ? Math.Max(0, _device.index) : null;

    /// <summary>False: it has no prompt for reports, or was trained for questions alone; <see cref="Generate"/> would refuse.</summary>
    public bool WritesReports => _prompt is not null;

    /// <summary>Layout of the language model's input.</summary>
    /// <exception cref="HSENetModelException"><c>model.incomplete</c>: it writes no reports.</exception>
    internal ReportPrompt Prompt => _prompt ?? throw new HSENetModelException(
        "model.incomplete", "The model directory writes no reports: it has no prompt.report, or its adapters were trained for questions alone.");

    /// <summary>Loads a directory with <c>hsenet.json</c>; all or nothing (<see cref="HSENetModelException"/>).</summary>
    /// <param name="directory">The model directory.</param>
    /// <param name="device"><c>auto</c>, <c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>.</param>
    /// <param name="precision">
    /// Of the language model's weights: <c>auto</c> (as stored), <c>fp32</c>, <c>bf16</c>, <c>int8</c> (quantized while loading), <c>fp16</c> (GPU). The visual
    /// path and all arithmetic on a CPU are float32.
    /// </param>
    /// <exception cref="HSENetModelException">
    /// <c>model.*</c>, <c>weights.*</c>, <c>tokenizer.format</c>: the message names the part, file or tensor.
    /// </exception>
    public static HSENetModel Load(string directory, string device = "auto", string precision = "auto") =>
        TensorLibrary.Run(() => LoadDirectory(directory, ComputeDevice.Find(device), precision));

    /// <inheritdoc cref="Load(string, string, string)"/>
    internal static HSENetModel Load(string directory, Device device, string precision) => TensorLibrary.Run(() => LoadDirectory(directory, device, precision));

    /// <summary>Preprocess, encode, generate.</summary>
    /// <param name="input">The CT volume.</param>
    /// <param name="progress">Told when a stage begins.</param>
    /// <param name="cancellationToken">Looked at between slices, parts and tokens.</param>
    /// <exception cref="HSENetModelException">
    /// <c>model.incomplete</c>: it does not write reports; <c>model.input</c>: the volume cannot be used; <c>generation.numbers</c>, <c>model.runtime</c>: the network broke down.
    /// </exception>
    /// <exception cref="OperationCanceledException">Nothing is left behind; the model stays usable.</exception>
    public GeneratedReport Generate(CtInput input, IProgress<ModelStage>? progress, CancellationToken cancellationToken)
    {
        using var turn = TakeTurn();
        return TensorLibrary.Run(() => Write(input, progress, cancellationToken));
    }

    /// <summary>Preprocess, encode, answer. The question is used as it stands; what looks like a control token in it stays text.</summary>
    /// <param name="input">The CT volume.</param>
    /// <param name="question">1 to 2000 characters, none of them a control character.</param>
    /// <param name="progress">Told when a stage begins.</param>
    /// <param name="cancellationToken">Looked at between slices, parts and tokens.</param>
    /// <exception cref="HSENetModelException"><c>model.question</c>: the question is empty, too long or not text; <c>model.context</c>: with its answer it is more than the model reads; or as <see cref="Generate"/>.</exception>
    /// <exception cref="OperationCanceledException">Nothing is left behind; the model stays usable.</exception>
    public GeneratedAnswer Ask(CtInput input, string question, IProgress<ModelStage>? progress, CancellationToken cancellationToken)
    {
        var asked = question.Trim();
        if (asked.Length is 0 or > LongestQuestion || asked.Any(char.IsControl))
        {
            throw new HSENetModelException("model.question", $"A question has 1 to {LongestQuestion} characters and none of them is a control character.");
        }

        using var turn = TakeTurn();
        return TensorLibrary.Run(() =>
        {
            using var quiet = inference_mode();
            using var scope = NewDisposeScope();
            var (_, _, text, seconds) = Run(input, Question(asked), _answerOptions, isQuestion: true, progress, cancellationToken);
            return new GeneratedAnswer { Text = text.Text.Trim(), FinishReason = text.FinishReason, Tokens = text.Tokens.Count, Seconds = seconds };
        });
    }

    /// <summary>Not during a call of <see cref="Generate"/>.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _network.Dispose();
            NativeHeap.Trim();
        }
    }

    private static HSENetModel LoadDirectory(string directory, Device target, string precision)
    {
        ComputeDevice.CheckPrecision(precision, target);
        set_num_threads(Environment.ProcessorCount);
        var source = ModelDirectory.Open(directory);
        var configuration = source.Configuration;
        var preprocessor = new VolumePreprocessor(ModelConfiguration.Need(configuration.Preprocessing, "preprocessing")
            .ToSpec(ModelConfiguration.Need(configuration.Vision, "vision"), ModelConfiguration.Need(configuration.Slices, "slices")));
        var tokenizer = ReportTokenizer.Open(source);
        var identity = new ModelIdentity(
            configuration.Name, configuration.Version, source.Digest(), configuration.Purpose, configuration.ReportWarning);
        if (configuration.Prompt?.VqaTemplates is { } templates)
        {
            QuestionTemplates.Read(source.PathOf(templates));
        }

        ModelConfiguration.Need(configuration.Language, "language");
        var weights = new LanguageWeights(source, precision);
        ComputeDevice.CheckWriting(weights.Storage.IsInt8, target);
        var network = new ReportNetwork(configuration, weights.Storage);
        try
        {
            network.LoadWeights(source, weights);
            network.MoveTo(target);
            return new HSENetModel(identity, network, preprocessor, tokenizer, configuration, target);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private GeneratedReport Write(CtInput input, IProgress<ModelStage>? progress, CancellationToken cancellationToken)
    {
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        var (transform, scores, text, seconds) = Run(input, Prompt, _options, isQuestion: false, progress, cancellationToken);
        var sections = ReportSections.Split(text.Text);
        return new GeneratedReport
        {
            Findings = sections.Findings,
            Impression = sections.Impression,
            FinishReason = text.FinishReason == FinishReason.Stop
                ? TextGuards.Judge(sections.Findings, sections.Impression)
                : text.FinishReason,
            Tokens = text.Tokens.Count,
            Seconds = seconds,
            PatchScores = scores is null ? null : new PatchScoreMap(_network.Grid, scores, transform),
        };
    }

    private (VolumeTransform Transform, float[]? Scores, GeneratedText Text, StageSeconds Seconds) Run(
        CtInput input, ReportPrompt prompt, GenerationOptions options, bool isQuestion, IProgress<ModelStage>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(ModelStage.Preprocess);
        var start = TimeProvider.System.GetTimestamp();
        var prepared = _preprocessor.Run(input, cancellationToken);
        var preprocessed = TimeProvider.System.GetTimestamp();

        progress?.Report(ModelStage.Encode);
        var visual = Encode(prepared, isQuestion, cancellationToken);                           // [1, N, hidden], [1, patches]
        var scores = visual.PatchScores?.cpu().data<float>().ToArray();
        var encoded = TimeProvider.System.GetTimestamp();

        _network.Prepare(isQuestion);
        var text = _generator.Generate(prompt, visual.Tokens, options, progress, cancellationToken);
        var seconds = new StageSeconds(
            TimeProvider.System.GetElapsedTime(start, preprocessed).TotalSeconds,
            TimeProvider.System.GetElapsedTime(preprocessed, encoded).TotalSeconds,
            text.PrefillSeconds,
            text.DecodeSeconds);
        return (prepared.Transform, scores, text, seconds);
    }

    /// <summary>The visual tokens of a volume.</summary>
    /// <returns>[1, N, hidden], [1, patches]; the caller owns both</returns>
    internal VisualEncoding Encode(CtInput input)
    {
        using var quiet = inference_mode();
        return Encode(_preprocessor.Run(input, CancellationToken.None), isQuestion: false, CancellationToken.None);
    }

    /// <summary>The visual tokens of a volume that is preprocessed already, with the packers of the task.</summary>
    /// <param name="volume">[1, 1, D, H, W], values 0..1</param>
    /// <param name="sliceFeatures">[1, S, hidden]; null where no tower is guided by slices</param>
    /// <param name="isQuestion">False: for a report.</param>
    /// <param name="cancellationToken">Looked at between the parts.</param>
    /// <returns>[1, N, hidden], [1, patches]; the caller owns both</returns>
    internal VisualEncoding EncodePrepared(Tensor volume, Tensor? sliceFeatures, bool isQuestion, CancellationToken cancellationToken)
    {
        using var quiet = inference_mode();
        return _network.EncodeFeatures(volume.to(_device), sliceFeatures?.to(_device), cancellationToken, isQuestion);
    }

    /// <summary>Writes about visual tokens: a report, or the answer to a question.</summary>
    /// <param name="visualTokens">[1, N, hidden], of the same task</param>
    /// <param name="question">Null: a report.</param>
    /// <param name="cancellationToken">Looked at between tokens.</param>
    internal GeneratedText WriteAbout(Tensor visualTokens, string? question, CancellationToken cancellationToken)
    {
        using var quiet = inference_mode();
        _network.Prepare(question is not null);
        var prompt = question is null ? Prompt : Question(question);
        return _generator.Generate(prompt, visualTokens, question is null ? _options : _answerOptions, null, cancellationToken);
    }

    /// <summary>Patches along each axis.</summary>
    internal (int D, int H, int W) Grid => _network.Grid;

    /// <summary>What the language model would write first, given visual tokens.</summary>
    /// <param name="visualTokens">[1, N, hidden]</param>
    /// <returns>logits [vocabulary]; the caller owns them</returns>
    internal Tensor FirstLogits(Tensor visualTokens)
    {
        using var quiet = inference_mode();
        return _generator.FirstLogits(Prompt, visualTokens);
    }

    private VisualEncoding Encode(PreprocessedCt prepared, bool isQuestion, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var volume = prepared.ToTensor().to(_device);                                           // [1, 1, D, H, W]
        var slices = _sliceImage is { } image ? SliceImages.ToTensor(prepared.Slices, image).to(_device) : null;   // [S, 3, image, image]
        var visual = _network.Encode(volume, slices, cancellationToken, isQuestion);
        return new VisualEncoding(visual.Tokens.MoveToOuterDisposeScope(), visual.PatchScores?.MoveToOuterDisposeScope());
    }

    /// <exception cref="HSENetModelException"><c>model.context</c>: question and answer are more than the language model reads.</exception>
    private ReportPrompt Question(string text) =>
        ReportPrompt.Build(_tokenizer, _network.VisualTokens, text).Within(_network.Language.Config, _answerOptions.MaxNewTokens);

    private Turn TakeTurn()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Interlocked.Exchange(ref _busy, 1) == 0
            ? new Turn(this)
            : throw new InvalidOperationException("The model works on another volume: one call at a time.");
    }

    private readonly struct Turn(HSENetModel model) : IDisposable
    {
        public void Dispose()
        {
            NativeHeap.Trim();
            Volatile.Write(ref model._busy, 0);
        }
    }
}
