using HSENet.Model.Configuration;
using HSENet.Model.Language;
using HSENet.Model.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Model;

/// <summary>The adapter files of one task: low-rank matrices of the language model and, beside them or in files of their own, packers.</summary>
internal sealed class AdapterWeights
{
    private readonly ModelConfiguration _configuration;
    private readonly List<WeightSection> _sections;
    private readonly ModelDirectory _directory;

    /// <param name="directory">The model directory.</param>
    /// <param name="task">One of <see cref="WeightTasks"/>.</param>
    public AdapterWeights(ModelDirectory directory, string task)
    {
        _directory = directory;
        _configuration = directory.Configuration;
        var isReport = task == WeightTasks.Report;
        _sections = [.. _configuration.Weights.Where(file => file.Role is WeightRoles.Adapter or WeightRoles.Packers && (file.Task == task || (isReport && file.Task is "")))];
    }

    /// <summary>Whether there are files for the task.</summary>
    public bool Any => _sections.Count > 0;

    /// <summary>The adapter and what to load into it.</summary>
    /// <returns>Null when the configuration has no adapter.</returns>
    /// <exception cref="HSENetModelException">
    /// <c>model.incomplete</c>: an adapter without a file; <c>model.config</c>: a file has low-rank matrices, and neither <c>language.lora</c> nor the file tells their
    /// rank and alpha (a text without them would be another model's), or they tell different ones; <c>weights.unexpected</c>: packers twice.
    /// </exception>
    public (LoraAdapter Adapter, WeightPart Part)? Lora(PhiConfig language)
    {
        var files = Files(WeightRoles.Adapter);
        RefuseTwoPackers(Files(WeightRoles.Packers), files);
        if (Size(language.Lora, files) is not { } lora)
        {
            return files.Any(HoldsLora)
                ? throw new HSENetModelException("model.config", "language.lora: an adapter file holds low-rank matrices, so rank and alpha must be given.")
                : null;
        }

        if (files.Count == 0)
        {
            throw new HSENetModelException("model.incomplete", "The model directory does not have the part 'weights of the role adapter', and language.lora asks for it.");
        }

        var adapter = new LoraAdapter(language, lora);
        return (adapter, Part(adapter, files));
    }

    /// <summary>What to load into an adapter that exists; its size must be that of the file.</summary>
    /// <returns>Null: there are packers only.</returns>
    /// <exception cref="HSENetModelException"><c>model.config</c>: the file was trained with another rank or alpha.</exception>
    public WeightPart? LoraInto(LoraAdapter adapter)
    {
        var files = Files(WeightRoles.Adapter);
        RefuseTwoPackers(Files(WeightRoles.Packers), files);
        if (!files.Any(HoldsLora))
        {
            return null;
        }

        Size(new LoraConfig(adapter.Config.Rank, adapter.Config.Alpha), files);
        return Part(adapter, files);
    }

    /// <summary>What to load into packers; they come from a file of their own or from the adapter file.</summary>
    /// <param name="targets">By canonical names.</param>
    public WeightPart Packers(IReadOnlyDictionary<string, Tensor> targets)
    {
        var role = _sections.Exists(file => file.Role == WeightRoles.Packers) ? WeightRoles.Packers : WeightRoles.Adapter;
        var packers = new[] { AdapterNames.GlobalPacker, AdapterNames.LocalPacker };
        return new WeightPart(role, Files(role), targets)
        {
            Rename = AdapterNames.Canonical,
            Ignore = name => AdapterNames.IsLora(name)
                || packers.Any(packer => name.StartsWith(packer, StringComparison.Ordinal) && !targets.Keys.Any(target => target.StartsWith(packer, StringComparison.Ordinal))),
        };
    }

    /// <summary>Low-rank matrices write over the tokens of the packers that they were trained with: beside a file of packers an adapter may not hold others.</summary>
    /// <exception cref="HSENetModelException"><c>weights.unexpected</c>: names the adapter file.</exception>
    public static void RefuseTwoPackers(IEnumerable<WeightFile> packers, IEnumerable<WeightFile> adapters)
    {
        if (packers.Any() && adapters.FirstOrDefault(HoldsPackers) is { } second)
        {
            throw new HSENetModelException(
                "weights.unexpected",
                $"{second.Path}: it holds packers ({AdapterNames.GlobalPacker}* or {AdapterNames.LocalPacker}*), and the directory has a file of the role packers for the same task; one of them has to go.");
        }
    }

    public static bool HoldsPackers(WeightFile file) => Holds(
        file, name => name.StartsWith(AdapterNames.GlobalPacker, StringComparison.Ordinal) || name.StartsWith(AdapterNames.LocalPacker, StringComparison.Ordinal));

    private static WeightPart Part(LoraAdapter adapter, IReadOnlyList<WeightFile> files) => new(WeightRoles.Adapter, files, adapter.state_dict())
    {
        Rename = AdapterNames.Canonical,
        Ignore = name => name.StartsWith(AdapterNames.GlobalPacker, StringComparison.Ordinal) || name.StartsWith(AdapterNames.LocalPacker, StringComparison.Ordinal),
    };

    /// <summary>Rank and alpha as they are given, else as the files tell them.</summary>
    private static LoraConfig? Size(LoraConfig? given, IReadOnlyList<WeightFile> files)
    {
        var size = given;
        foreach (var file in files.Where(HoldsLora))
        {
            using var open = TensorFiles.Open(file.Path);
            if (AdapterMetadata.Read(open) is { } stored)
            {
                size ??= stored;
                if (size.Rank != stored.Rank || size.Alpha != stored.Alpha)
                {
                    throw new HSENetModelException(
                        "model.config", $"language.lora: rank {size.Rank} and alpha {size.Alpha}; {Path.GetFileName(file.Path)} was made with {stored.Rank} and {stored.Alpha}.");
                }
            }
        }

        return size;
    }

    private static bool HoldsLora(WeightFile file) => Holds(file, AdapterNames.IsLora);

    private static bool Holds(WeightFile file, Func<string, bool> isSuch)
    {
        using var open = TensorFiles.Open(file.Path);
        return open.Entries.Any(entry => entry.Name.StartsWith(file.Prefix, StringComparison.Ordinal)
            && isSuch(AdapterNames.Canonical(entry.Name[file.Prefix.Length..])));
    }

    private List<WeightFile> Files(string role) =>
        [.. _sections.Where(file => file.Role == role).Select(file => new WeightFile(_directory.PathOf(file.Path), file.Prefix))];
}
