using HSENet.Model.Configuration;
using HSENet.Model.Text;
using HSENet.Trainer.Data;
using HSENet.Trainer.Tokenizers;

namespace HSENet.Trainer.Pretraining;

/// <summary>What a stage is built from: the directories it was given, sizes that fit them, vocabulary, slice encoder.</summary>
internal sealed class PretrainingParts
{
    private const string LearnedVocabulary = "vocab.txt";

    private PretrainingParts(ModelConfiguration configuration, WordPieceTokenizer tokenizer, IReadOnlyList<CarriedFile> carried) =>
        (Configuration, Tokenizer, Carried) = (configuration, tokenizer, carried);

    public ModelConfiguration Configuration { get; }

    public WordPieceTokenizer Tokenizer { get; }

    public IReadOnlyList<CarriedFile> Carried { get; }

    public ModelDirectory? Init { get; private init; }

    public ModelDirectory? Teacher { get; private init; }

    /// <summary>Where the slice encoder is; null: there is none.</summary>
    public ModelDirectory? SliceEncoder { get; private init; }

    /// <summary>Digests of the directories, for the record.</summary>
    public IReadOnlyDictionary<string, string> Digests { get; private init; } = new Dictionary<string, string>();

    /// <param name="request">Directories and settings.</param>
    /// <param name="items">Studies whose texts a vocabulary may be learned from.</param>
    /// <exception cref="TrainerException">
    /// <c>settings.teacher</c>: stage 2 without one; <c>settings.vocabulary</c>: there is none; <c>settings.model</c>: no sizes.
    /// </exception>
    /// <exception cref="Model.HSENetModelException"><c>model.*</c>, <c>tokenizer.format</c>, <c>weights.digest</c>.</exception>
    public static PretrainingParts Find(PretrainingRequest request, IReadOnlyList<ManifestItem> items)
    {
        var settings = request.Settings;
        var (init, teacher) = (Open(request.Init), Open(request.Teacher));
        if (settings is { Stage: 2, ConsistencySchedule: not Contrastive.ConsistencySchedule.Off } && teacher is null)
        {
            throw new TrainerException("settings.teacher", "Stage 2 needs the directory of stage 1 (--teacher), or consistencySchedule off.");
        }

        var sizes = teacher?.Configuration ?? settings.Model ?? throw new TrainerException("settings.model", "The settings have no sizes (model).");
        var encoder = Open(request.SliceEncoder) ?? ((ModelDirectory?[])[teacher, init]).FirstOrDefault(directory => directory is not null && CarriedFile.SliceEncoder(directory).Any());
        if (encoder is not null && !CarriedFile.SliceEncoder(encoder).Any())
        {
            throw new Model.HSENetModelException("model.incomplete", $"{encoder.Root} does not have the part 'weights of the role slice-encoder'.");
        }

        var (text, files) = Texts(request, ModelConfiguration.Need(sizes.Text, "text"), teacher, init, items);
        return new(
            sizes with { Text = text, Slices = encoder?.Configuration.Slices ?? sizes.Slices },
            WordPieceTokenizer.Open(files[0].Path),
            [.. files, .. encoder is null ? [] : CarriedFile.SliceEncoder(encoder)])
        {
            Init = init, Teacher = teacher, SliceEncoder = encoder, Digests = DigestsOf(("init", init), ("teacher", teacher), ("slice-encoder", encoder)),
        };
    }

    private static (TextSection Text, List<CarriedFile> Files) Texts(
        PretrainingRequest request, TextSection text, ModelDirectory? teacher, ModelDirectory? init, IReadOnlyList<ManifestItem> items)
    {
        List<CarriedFile> files = request.Vocabulary is { } given ? [new(given, Path.GetFileName(given), null)]
            : ((ModelDirectory?[])[teacher, init]).OfType<ModelDirectory>().Select(directory => CarriedFile.Texts(directory).ToList()).FirstOrDefault(found => found.Count > 0) ?? [];
        if (files.Count == 0 && request.Settings.LearnVocabulary)
        {
            var pieces = WordPieceTrainer.Train(items.Select(item => ContrastiveTexts.Of(item, request.Settings.Text)).OfType<string>(), text.Vocab);
            var path = Path.Combine(request.Out, LearnedVocabulary);
            WordPieceTrainer.Write(path, pieces);
            return (text with { Vocab = pieces.Count, Tokenizer = LearnedVocabulary }, [new(path, LearnedVocabulary, null)]);
        }

        return files.Count > 0 ? (text with { Tokenizer = files[0].Name }, files)
            : throw new TrainerException("settings.vocabulary", "There is no vocabulary for the text encoder: give --vocabulary, or --init with a directory that has one.");
    }

    private static ModelDirectory? Open(string? path) => path is null ? null : ModelDirectory.Open(path);

    private static SortedDictionary<string, string> DigestsOf(params ReadOnlySpan<(string Name, ModelDirectory? Directory)> directories)
    {
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, directory) in directories)
        {
            if (directory is not null)
            {
                digests[name] = directory.Digest();
            }
        }

        return digests;
    }
}
