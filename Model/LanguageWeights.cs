using HSENet.Model.Configuration;
using HSENet.Model.Language;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>The files of the language model and its adapters, and how their weights are to lie in memory.</summary>
internal sealed class LanguageWeights
{
    private const string ScaleSuffix = ".weight_scale";
    private const string EmbeddingName = "model.embed_tokens.weight";

    private readonly IReadOnlyList<WeightFile> _files;
    private readonly bool _storedAsInt8;

    /// <param name="directory">The model directory.</param>
    /// <param name="precision"><c>auto</c> (as the file has it), <c>fp32</c>, <c>bf16</c>, <c>fp16</c>, <c>int8</c>.</param>
    /// <exception cref="HSENetModelException">
    /// <c>model.incomplete</c>: no language model; <c>model.precision</c>: the file is int8 and another one was asked for.
    /// </exception>
    public LanguageWeights(ModelDirectory directory, string precision)
    {
        _files = [.. directory.Configuration.Weights.Where(file => file.Role == WeightRoles.LanguageModel)
            .Select(file => new WeightFile(directory.PathOf(file.Path), file.Prefix))];
        if (_files.Count == 0)
        {
            throw new HSENetModelException("model.incomplete", "The model directory does not have the part 'weights of the role language-model'.");
        }

        var entries = Entries();
        _storedAsInt8 = entries.Exists(entry => entry.Name.EndsWith(ScaleSuffix, StringComparison.Ordinal));
        if (_storedAsInt8 && precision is not ("auto" or "int8"))
        {
            throw new HSENetModelException("model.precision", $"The language model is stored as int8; the precision '{precision}' needs the original weights.");
        }

        // a file without the table is refused later, by name
        var stored = entries.Find(entry => entry.Name == EmbeddingName).Type == ScalarType.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        Storage = precision switch
        {
            "fp32" => WeightStorage.Float32,
            "bf16" => WeightStorage.BFloat16,
            "fp16" => new WeightStorage(ScalarType.Float16),
            "int8" => new WeightStorage(stored, IsInt8: true),
            _ => new WeightStorage(stored, _storedAsInt8),
        };
    }

    public WeightStorage Storage { get; }

    /// <returns>What to load into the language model; float files are quantized on the way where the storage is int8.</returns>
    public WeightPart For(PhiLanguageModel language)
    {
        var targets = language.state_dict();
        if (!Storage.IsInt8 || _storedAsInt8)
        {
            return new WeightPart(WeightRoles.LanguageModel, _files, targets);
        }

        var sinks = language.Linears.ToDictionary(item => $"{item.Name}.weight", item => new WeightSink(item.Linear.Weight.shape, item.Linear.Store));
        var rest = targets.Where(item => !sinks.ContainsKey(item.Key) && !item.Key.EndsWith(ScaleSuffix, StringComparison.Ordinal)).ToDictionary();
        return new WeightPart(WeightRoles.LanguageModel, _files, rest) { Sinks = sinks };
    }

    private List<(string Name, ScalarType Type)> Entries()
    {
        var entries = new List<(string Name, ScalarType Type)>();
        foreach (var file in _files)
        {
            using var open = TensorFiles.Open(file.Path);
            entries.AddRange(open.Entries.Where(entry => entry.Name.StartsWith(file.Prefix, StringComparison.Ordinal))
                .Select(entry => (entry.Name[file.Prefix.Length..], entry.Type)));
        }

        return entries;
    }
}
