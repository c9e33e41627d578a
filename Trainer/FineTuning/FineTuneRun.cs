using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HSENet.Model;
using HSENet.Model.Configuration;
using HSENet.Model.Runtime;
using HSENet.Model.Vision;
using HSENet.Trainer.Data;
using HSENet.Trainer.Data.Augmentation;
using HSENet.Trainer.Data.Loading;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Distributed;
using HSENet.Trainer.Training.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.FineTuning;

/// <summary>A fine-tuning from manifest and model directory to model directory.</summary>
internal static class FineTuneRun
{
    private const string CacheFolder = "cache";

    /// <exception cref="TrainerException"><c>settings.*</c>, <c>data.*</c>, <c>manifest.*</c>, <c>training.*</c>, <c>checkpoint.*</c>.</exception>
    /// <exception cref="HSENetModelException"><c>model.*</c>, <c>weights.*</c>, <c>prompt.templates</c>.</exception>
    public static TrainingOutcome Execute(FineTuneRequest request, FineTuneSettings settings, IProcessGroup group, TextWriter output, CancellationToken cancellationToken)
    {
        if (Path.GetFullPath(request.Out) == Path.GetFullPath(request.Model))
        {
            throw new TrainerException("finetune.out", $"{request.Out} is the directory that is trained on: take another one.");
        }

        if (settings.Training.Threads > 0)
        {
            set_num_threads(settings.Training.Threads);
        }

        var source = ModelDirectory.Open(request.Model);
        var modelDigest = source.Digest();
        var device = RankDevice.Find(settings.Training.Device, group);
        ComputeDevice.CheckPrecision(settings.BasePrecision, device);
        using var run = TrainingRun.Open(request.Out, request.Resume, group, output, TimeProvider.System);
        using var data = Prepare(request, ManifestReader.Read(request.Manifest), settings.VolumeCacheBytes, settings, source, run.Output, cancellationToken);
        using var held = group.Rank == 0 ? Held(request, settings, source, run.Output, cancellationToken) : null;
        var samples = new FineTuneSamples(data, settings.Task);
        using var task = new FineTuneTask(FineTuneNetworks.Load(source, settings, device), settings, device, Surround(settings.Training, device));
        run.Output.WriteLine(FormattableString.Invariant(
            $"{samples.Count} samples of {samples.Studies} studies, {task.Templates.Count} prompts, {task.Trained.Sum(item => item.Value.numel())} parameters in training"));

        var training = settings.Training;
        run.Validation = held is null ? null
            : new(task, new FineTuneSamples(held, settings.Task, settings.Validation.Items), Math.Max(1, training.Batch / group.Count), settings.Validation);
        var batches = new BatchLoader(samples, new() { Batch = training.Batch, Seed = training.Seed, Workers = training.Workers, Rank = group.Rank, Ranks = group.Count }, Augment(settings, source));
        var record = new RunRecord
        {
            Command = request.Command,
            Seed = training.Seed,
            DataDigest = data.Digest(),
            Studies = samples.Studies,
            Processes = group.Count,
            Models = new Dictionary<string, string> { ["model"] = modelDigest },
            Settings = Describe(settings, task.Templates),
            LeftOut = data.Bad,
        };
        return run.Execute(task, batches, training, record, device, request.Resume, cancellationToken);
    }

    /// <summary>The settings, and the prompts that a file may have brought: a run goes on with the same ones only.</summary>
    private static JsonNode Describe(FineTuneSettings settings, IReadOnlyList<string> templates)
    {
        var json = JsonSerializer.SerializeToNode(settings, SettingsFile.Json)!;
        json["promptsDigest"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', templates))));
        return json;
    }

    /// <summary>What the run is measured on, read from disk each time; null: nothing. Each study that is taken has one sample at least.</summary>
    private static ManifestTrainingData? Held(
        FineTuneRequest request, FineTuneSettings settings, ModelDirectory source, TextWriter output, CancellationToken cancellationToken)
    {
        if (request.Validation is not { } path)
        {
            return null;
        }

        output.WriteLine("for validation:");
        var (manifest, most) = (ManifestReader.Read(path), settings.Validation.Items);
        var usable = manifest.Items.Where(item => settings.Task == FineTuneTaskKind.Report
            ? FineTuneTexts.Report(item, ReportTarget.Findings) is not null
            : item.Questions.Any(FineTuneTexts.IsUsable));
        return Prepare(request, manifest with { Items = [.. usable.Take(most == 0 ? int.MaxValue : most)] }, 0, settings, source, output, cancellationToken);
    }

    private static ManifestTrainingData Prepare(
        FineTuneRequest request, StudyManifest manifest, long memoryBytes, FineTuneSettings settings, ModelDirectory source, TextWriter output,
        CancellationToken cancellationToken)
    {
        var configuration = source.Configuration;
        var vision = ModelConfiguration.Need(configuration.Vision, "vision");
        var spec = ModelConfiguration.Need(configuration.Preprocessing, "preprocessing").ToSpec(vision, ModelConfiguration.Need(configuration.Slices, "slices"));
        var guided = vision.HasLocal && vision.PatchGuide == PatchGuide.Slices;
        using var encoder = guided && (new VisualWeights(source).Available() & VisualParts.SliceEncoder) != 0 ? new ModelSliceEncoder(request.Model) : null;
        var data = ManifestTrainingData.Prepare(
            manifest,
            spec,
            encoder,
            new()
            {
                CacheDirectory = request.Cache ?? Path.Combine(request.Out, CacheFolder),
                MemoryBytes = memoryBytes,
                Workers = settings.Training.Workers,
                Features = guided ? SliceFeatureUse.Manifest : SliceFeatureUse.None,
            },
            null,
            cancellationToken);
        data.Report(output);
        return data;
    }

    private static Func<TrainingCase, Random, TrainingCase>? Augment(FineTuneSettings settings, ModelDirectory source)
    {
        var (image, axes) = (source.Configuration.Vision!.Image, source.Configuration.Preprocessing!.Axes);
        return settings.KeepsPatches
            ? null
            : new VolumeAugmentation(settings.Augmentation, (image[0], image[1], image[2]), (axes[0][0], axes[1][0], axes[2][0])).Apply;
    }

    /// <summary>What the loop's forward pass runs in, where it is run again in the backward pass.</summary>
    private static Func<IDisposable?>? Surround(TrainingSettings training, Device device) =>
        training.UsesBFloat16(device) ? () => new Autocast(device.type) : null;
}
