using System.Text.Json;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Language;
using HSENet.Model.Text;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Importing;

/// <summary>
/// Builds a model directory from published files, all or nothing: every file is judged before anything is written, and the directory appears under
/// its name only when it is complete and opens.
/// </summary>
internal static class ModelImporter
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n" };

    /// <exception cref="HSENetModelException">
    /// <c>import.exists</c>, <c>import.config</c>, <c>weights.*</c>, <c>model.*</c>, <c>tokenizer.format</c>: nothing is left behind. The message of a fault in the weights
    /// names every tensor of every file that is missing, unexpected, misshapen or of a wrong type, and what is wrong with the tokenizers.
    /// </exception>
    public static void Run(ImportRequest request, TextWriter output)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Out));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new HSENetModelException("import.exists", $"{target} is there already.");
        }

        var files = ImportFiles.Find(request);
        if (request.Prompt is { } prompt && (!File.Exists(prompt) || File.ReadAllText(prompt).Trim().Length == 0))
        {
            throw new HSENetModelException("import.config", $"{prompt}: no such file, or it is empty.");
        }

        if (request.QuestionTemplates is { } templates)
        {
            QuestionTemplates.Read(templates);
        }

        var sizes = ImportSizes.Read(files);
        var open = new List<ITensorFile>();
        var partial = $"{target}.partial-{Path.GetRandomFileName()}";
        try
        {
            var matcher = Judge(files, sizes, request.Int8, open);
            var (tokenizer, generation, vocabulary) = JudgeTexts(request, files, sizes, matcher);
            matcher.Check();
            Directory.CreateDirectory(partial);
            var digests = matcher.Parts.ToDictionary(part => part.Path, part => Write(part, partial));
            tokenizer?.CopyTo(partial);
            vocabulary?.CopyTo(partial);
            if (request.QuestionTemplates is { } questions)
            {
                File.Copy(questions, Path.Combine(partial, ImportConfiguration.QuestionTemplatesFile));
            }

            var json = ImportConfiguration.Build(request, sizes, matcher, digests, tokenizer, generation, vocabulary?.Written);
            File.WriteAllText(Path.Combine(partial, ModelDirectory.ConfigurationFile), json.ToJsonString(s_json) + "\n");
            var digest = ModelDirectory.Open(partial).Digest();
            if (Directory.Exists(target))
            {
                Directory.Delete(target);   // it is empty
            }

            Directory.Move(partial, target);
            Tell(output, target, matcher, digest, request, tokenizer is not null, vocabulary is not null);
        }
        finally
        {
            open.ForEach(file => file.Dispose());
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
        }
    }

    private static PartMatcher Judge(ImportFiles files, ImportSizes sizes, bool int8, List<ITensorFile> open)
    {
        var matcher = new PartMatcher(sizes);
        void Add(string? path, Action<ITensorFile> add)
        {
            if (path is not null)
            {
                matcher.Try(() =>
                {
                    open.Add(TensorFiles.Open(path));
                    add(open[^1]);
                });
            }
        }

        Add(files.Clip, matcher.AddClip);   // first: it tells which towers there are
        Add(files.Adapter, file => matcher.AddAdapter(file, files.QuestionAdapter is null ? string.Empty : WeightTasks.Report));
        Add(files.QuestionAdapter, file => matcher.AddAdapter(file, WeightTasks.Question));
        Add(files.SliceEncoder, matcher.AddSliceEncoder);
        Add(files.TextEncoder, matcher.AddTextEncoder);
        Add(files.LanguageModel, file => matcher.AddLanguageModel(file, int8));
        return matcher;
    }

    private static (ImportTokenizer? Tokenizer, ImportGeneration? Generation, TextVocabulary? Vocabulary) JudgeTexts(
        ImportRequest request, ImportFiles files, ImportSizes sizes, PartMatcher matcher)
    {
        ImportTokenizer? tokenizer = null;
        ImportGeneration? generation = null;
        TextVocabulary? vocabulary = null;
        matcher.Try(() =>
        {
            tokenizer = ImportTokenizer.Find(files, sizes);
            generation = ImportGeneration.Judge(request, sizes, tokenizer, matcher.VisualTokens);
        });
        matcher.Try(() => vocabulary = TextVocabulary.Find(files, sizes));
        return (tokenizer, generation, vocabulary);
    }

    private static string Write(ImportPart part, string folder) =>
        SafeTensorsWriter.WriteItems(Path.Combine(folder, part.Path), part.Tensors.SelectMany(item => Items(part, item.Key, item.Value)), part.Metadata);

    private static IEnumerable<SafeTensorsItem> Items(ImportPart part, string name, TensorSource source)
    {
        var (written, where) = (part.Prefix + part.Spelling(name), $"{part.Role}: tensor '{name}'");
        if (!part.Quantized.Contains(name))
        {
            yield return new SafeTensorsItem(written, source.Entry.Type, source.Entry.Shape, () => source.ViewFinite(where));
            yield break;
        }

        float[]? scale = null;   // written right after its matrix, so that a matrix is quantized once
        yield return new SafeTensorsItem(written, ScalarType.Int8, source.Entry.Shape, () =>
        {
            var quantized = Quantize(source, where);
            scale = quantized.Scale.data<float>().ToArray();
            return quantized.Weight;
        });
        yield return new SafeTensorsItem(
            written + "_scale", ScalarType.Float32, [source.Entry.Shape[0]], () => scale is null ? Quantize(source, where).Scale : tensor(scale));
    }

    private static (Tensor Weight, Tensor Scale) Quantize(TensorSource source, string where)
    {
        using var values = source.ViewFinite(where);
        return WeightOnlyLinear.Quantize(values);
    }

    private static void Tell(TextWriter output, string target, PartMatcher matcher, string digest, ImportRequest request, bool hasTokenizer, bool hasVocabulary)
    {
        foreach (var part in matcher.Parts)
        {
            output.WriteLine($"{part.Role}{(part.Task.Length == 0 ? "" : $" ({part.Task})")}: {part.Tensors.Count} tensors");
        }

        if (request.Axes is null && (request.Clip is not null || matcher.HasPackers))
        {
            output.WriteLine("note: the axes of the training data are assumed, not verified (--axes)");
        }

        if (request.LanguageModel is not null && !hasTokenizer)
        {
            output.WriteLine("note: no tokenizer files were found beside the language model");
        }

        if (!hasVocabulary && (request.Clip is not null || request.TextEncoder is not null))
        {
            output.WriteLine("note: no vocab.txt was found beside the text encoder: this directory embeds no texts");
        }

        if (request.LanguageModel is not null && request.Prompt is null)
        {
            output.WriteLine("note: without a prompt (--prompt) this directory writes no reports");
        }

        output.WriteLine($"{target} digest {digest}");
    }
}
