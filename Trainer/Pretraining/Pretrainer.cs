using System.Text.Json;
using HSENet.Model.Configuration;
using HSENet.Model.Runtime;
using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Augmentation;
using HSENet.Trainer.Data.Loading;
using HSENet.Trainer.Evaluation.Labels;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Distributed;
using HSENet.Trainer.Training.Records;
using static TorchSharp.torch;

namespace HSENet.Trainer.Pretraining;

/// <summary>Runs one contrastive stage: studies, networks, training, model directory.</summary>
internal static class Pretrainer
{
    private const string CacheFolder = "cache";

    /// <exception cref="TrainerException"><c>settings.*</c>, <c>manifest.*</c>, <c>data.*</c>, <c>training.*</c>, <c>checkpoint.*</c>.</exception>
    /// <exception cref="Model.HSENetModelException"><c>model.*</c>, <c>weights.*</c>.</exception>
    public static TrainingOutcome Run(PretrainingRequest request, IProcessGroup group, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        var settings = request.Settings.Validated();
        if (settings.Training.Threads > 0)
        {
            set_num_threads(settings.Training.Threads);
        }

        var device = RankDevice.Find(settings.Training.Device, group);
        using var run = TrainingRun.Open(request.Out, request.Resume, group, output, time);
        var manifest = WithTexts(ManifestReader.Read(request.Manifest), settings.Text);
        var parts = PretrainingParts.Find(request, manifest.Items);
        using var data = Prepare(request, manifest, parts, request.Settings.VolumeCacheBytes, run.Output, cancellationToken);
        using var held = group.Rank == 0 ? Held(request, parts, run.Output, cancellationToken) : null;
        settings = Fitted(settings, parts.Configuration, data);

        var networks = settings.Stage == 1
            ? ContrastiveNetworks.Stage1(parts.Configuration, settings.Training.Seed, parts.Carried)
            : ContrastiveNetworks.Stage2(parts.Teacher, parts.Configuration, settings.Guide, settings.Training.Seed, parts.Carried);
        var texts = new ContrastiveTexts(parts.Tokenizer, settings.Text, settings.TextTokens);
        using var task = new ContrastiveTask(networks, settings, texts, group.Features, device);
        foreach (var line in Start(networks, settings, parts))
        {
            run.Output.WriteLine($"start: {line}");
        }

        var training = settings.Training;
        run.Validation = held is null ? null : new(task, held, training.Batch, settings.Validation);
        var batches = new BatchLoader(
            data,
            new() { Batch = training.Batch, Seed = training.Seed, Workers = training.Workers, Rank = group.Rank, Ranks = group.Count },
            Augmentation(settings.Augmentation, networks));
        var record = new RunRecord
        {
            Command = request.Command, Seed = training.Seed, DataDigest = data.Digest(), Studies = data.Count, Processes = group.Count, Models = parts.Digests,
            Settings = JsonSerializer.SerializeToNode(settings, SettingsFile.Json)!, LeftOut = data.Bad,
        };
        return run.Execute(task, batches, training, record, device, request.Resume, cancellationToken);
    }

    private static StudyManifest WithTexts(StudyManifest manifest, PretrainingText part)
    {
        var silent = manifest.Items.Where(item => ContrastiveTexts.Of(item, part) is null).ToList();
        return manifest with
        {
            Items = [.. manifest.Items.Except(silent)],
            Bad = [.. manifest.Bad, .. silent.Select(item => new BadItem(item.Id, "data.text", "no text to be matched with."))],
        };
    }

    /// <summary>What the run is measured on, read from disk each time; null: nothing.</summary>
    private static ManifestTrainingData? Held(PretrainingRequest request, PretrainingParts parts, TextWriter output, CancellationToken stop)
    {
        if (request.Validation is not { } path)
        {
            return null;
        }

        output.WriteLine("for validation:");
        var manifest = WithTexts(ManifestReader.Read(path), request.Settings.Text);
        var most = request.Settings.Validation.Items;
        return Prepare(request, most == 0 ? manifest : manifest with { Items = [.. manifest.Items.Take(most)] }, parts, 0, output, stop);
    }

    private static ManifestTrainingData Prepare(
        PretrainingRequest request, StudyManifest manifest, PretrainingParts parts, long memoryBytes, TextWriter output, CancellationToken stop)
    {
        var spec = ModelConfiguration.Need(parts.Configuration.Preprocessing, "preprocessing")
            .ToSpec(ModelConfiguration.Need(parts.Configuration.Vision, "vision"), ModelConfiguration.Need(parts.Configuration.Slices, "slices"));
        var isGuided = request.Settings is { Stage: 2, Guide: "slices" };
        using var encoder = isGuided && parts.SliceEncoder is { } directory ? new ModelSliceEncoder(directory.Root) : null;
        var options = new TrainingDataOptions
        {
            CacheDirectory = request.Cache ?? Path.Combine(request.Out, CacheFolder),
            MemoryBytes = memoryBytes,
            Workers = request.Settings.Training.Workers,
            Features = isGuided ? SliceFeatureUse.Manifest : SliceFeatureUse.None,
        };
        var data = ManifestTrainingData.Prepare(manifest, spec, encoder, options, new PreparationLines(output), stop);
        data.Report(output);
        return data;
    }

    /// <summary>Settings that the data and sizes decide: no longer texts than the encoder has positions, the labels that are known.</summary>
    private static PretrainingSettings Fitted(PretrainingSettings settings, ModelConfiguration sizes, ManifestTrainingData data)
    {
        var labels = settings.Labels;
        if (settings.LabelWeight > 0 && labels.Count == 0)
        {
            var known = Enumerable.Range(0, data.Count).SelectMany(index => data.Item(index).Labels.Keys).ToHashSet(StringComparer.Ordinal);
            labels = [.. ChestLabels.All.Where(known.Contains)];
            if (labels.Count == 0)
            {
                throw new TrainerException("settings.labels", "labelWeight is set, and the manifest has none of the known labels.");
            }
        }

        return settings with { Labels = labels, TextTokens = Math.Min(settings.TextTokens, sizes.Text!.Positions) };
    }

    private static IReadOnlyList<string> Start(ContrastiveNetworks networks, PretrainingSettings settings, PretrainingParts parts) =>
        parts.Init is { } init ? StartWeights.Start(networks.Student, init, settings.Stage)
        : settings is { Stage: 2, StartFromTeacher: true } && parts.Teacher is { } teacher ? StartWeights.Start(networks.Student, teacher, settings.Stage)
        : ["random weights"];

    private static Func<TrainingCase, Random, TrainingCase> Augmentation(AugmentationOptions options, ContrastiveNetworks networks)
    {
        var axes = networks.Configuration.Preprocessing!.Axes;
        return new VolumeAugmentation(options, networks.Tower.Image, (axes[0][0], axes[1][0], axes[2][0])).Apply;
    }

    /// <summary>A line now and then.</summary>
    private sealed class PreparationLines(TextWriter output) : IProgress<PreparationProgress>
    {
        private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

        private TimeSpan _next = s_interval;

        public void Report(PreparationProgress value)
        {
            if (value.Elapsed >= _next && value.Done < value.Total)
            {
                _next = value.Elapsed + s_interval;
                output.WriteLine(value);
            }
        }
    }
}
