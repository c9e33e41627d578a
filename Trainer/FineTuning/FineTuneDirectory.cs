using HSENet.Model.Configuration;
using HSENet.Model.Weights;
using static TorchSharp.torch;

namespace HSENet.Trainer.FineTuning;

/// <summary>
/// Writes the model directory of a fine-tuned task: everything of the directory that was trained on, and the adapter file under the authors' names
/// (packers and low-rank matrices together), which <c>import --adapter</c> takes as well.
/// </summary>
internal static class FineTuneDirectory
{
    public const string TemplatesFile = "question-templates.txt";

    private const string AnswersOnly = "this model was trained to answer questions and not to write reports";
    private const string LanguageFile = "language-model.safetensors";

    /// <summary>Name of a task's adapter file.</summary>
    public static string AdapterFile(FineTuneTaskKind task) => $"adapter-{task.Name()}.safetensors";

    /// <param name="directory">Made; files of the same names are replaced. Not the directory that was trained on.</param>
    /// <param name="networks">As they are now.</param>
    /// <param name="settings">Of the run.</param>
    /// <param name="templates">What was asked.</param>
    public static void Write(string directory, FineTuneNetworks networks, FineTuneSettings settings, IReadOnlyList<string> templates)
    {
        Directory.CreateDirectory(directory);
        var source = networks.Source;
        var writesBase = settings.TrainBase;
        var kept = source.Configuration.Weights
            .Where(file => !FineTuneConfiguration.Replaces(settings.Task, file) && !(writesBase && file.Role == WeightRoles.LanguageModel)).ToList();
        var names = kept.SelectMany(file => source.FilesOf(file.Path)).Concat(source.Configuration.Tokenizer?.Files ?? []).Concat(source.Configuration.Text?.Files ?? []);
        if (settings.Task == FineTuneTaskKind.Vqa)
        {
            File.WriteAllText(Path.Combine(directory, TemplatesFile), string.Join('\n', templates) + "\n");
        }
        else if (source.Configuration.Prompt?.VqaTemplates is { } given)
        {
            names = names.Append(given);
        }

        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            Copy(source, directory, name);
        }

        var digest = WriteTensors(Path.Combine(directory, AdapterFile(settings.Task)), networks.Trained(withBase: false).Select(item => (item.Name, (Tensor)item.Value)), AdapterMetadata.Of(networks.Adapter.Config));
        var weights = new List<WeightSection>(kept);
        if (writesBase)
        {
            var sha256 = WriteTensors(Path.Combine(directory, LanguageFile), networks.Language.state_dict().Select(item => (item.Key, item.Value)));
            weights.Add(new WeightSection { Role = WeightRoles.LanguageModel, Path = LanguageFile, Sha256 = sha256 });
        }

        var writesReports = settings.Task == FineTuneTaskKind.Report || kept.Any(file => FineTuneConfiguration.Replaces(FineTuneTaskKind.Report, file));
        weights.Add(new WeightSection
        {
            // without an adapter for reports this one has to serve for both tasks, or the directory would not load
            Role = WeightRoles.Adapter, Path = AdapterFile(settings.Task), Task = writesReports ? settings.Task.Name() : string.Empty, Sha256 = digest,
        });
        ModelDirectory.Write(directory, networks.Configuration with
        {
            Version = $"{networks.Configuration.Version.Split('+')[0]}+{digest[..12]}",
            Warning = writesReports ? networks.Configuration.Warning : string.Join("; ", new[] { networks.Configuration.Warning, AnswersOnly }.OfType<string>()),
            Weights = [.. weights],
        });
    }

    private static string WriteTensors(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        SafeTensorsWriter.WriteItems(path, tensors.Select(item => new SafeTensorsItem(item.Name, item.Value.dtype, item.Value.shape, item.Value.alias)), metadata);

    private static void Copy(ModelDirectory source, string directory, string name)
    {
        var (from, to) = (source.PathOf(name), Path.GetFullPath(Path.Combine(directory, name)));
        if (from == to)
        {
            throw new TrainerException("finetune.out", $"{directory} is the directory that was trained on.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to, overwrite: true);
    }
}
