using HSENet.Model;
using HSENet.Model.Language;
using HSENet.Model.Runtime;
using HSENet.Model.Text;
using HSENet.Model.Vision;
using HSENet.Trainer.Data;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Distributed;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.FineTuning;

/// <summary>
/// Teaches packers and adapter to write reports or answers: volume through the frozen towers, packers, language model, cross-entropy over the
/// answer's tokens (hsenet.md 1.5 to 1.8). The towers are in evaluation mode: the reference leaves the 2E3 tower's dropout on, by oversight.
/// </summary>
internal sealed class FineTuneTask : IValidatedTask
{
    private readonly FineTuneSettings _settings;
    private readonly FineTuneTexts _texts;
    private readonly PatchCache _patches;
    private readonly Device _device;
    private readonly Func<IDisposable?>? _surround;
    private readonly IProcessGroup _group;

    /// <param name="networks">Owned from now on.</param>
    /// <param name="settings">Of the run.</param>
    /// <param name="device">Where the networks are.</param>
    /// <param name="surround">What a forward pass runs in, where it is run again in the backward pass: autocast, or null.</param>
    /// <param name="group">The processes that share the batch; null: there is one.</param>
    public FineTuneTask(FineTuneNetworks networks, FineTuneSettings settings, Device device, Func<IDisposable?>? surround = null, IProcessGroup? group = null)
    {
        _group = group ?? new SingleProcess();
        (Networks, _settings, _device, _surround) = (networks, settings, device, surround);
        Templates = PromptTemplates.For(settings.Task, settings.Prompts);
        _texts = new FineTuneTexts(networks.Tokenizer, networks.Packers.VisualTokens, settings, Templates);
        _patches = new PatchCache(settings.KeepsPatches ? settings.PatchCacheBytes : 0);
        Trained = [.. networks.Trained(settings.TrainBase)];
    }

    public IReadOnlyList<(string Name, Parameter Value)> Trained { get; }

    /// <summary>As they are now.</summary>
    public FineTuneNetworks Networks { get; }

    /// <summary>Studies whose patch features are in memory.</summary>
    public int StudiesKept => _patches.Count;

    /// <summary>Prompts, or templates of questions.</summary>
    public IReadOnlyList<string> Templates { get; }

    public Tensor Loss(IReadOnlyList<TrainingCase> batch, TrainingStep step, IDictionary<string, double> values)
    {
        using var scope = NewDisposeScope();
        var samples = SampleBatch.Of([.. batch.Select(item => _texts.Of(item.Item, step.Random))], Networks.Packers.VisualTokens, _device);
        values["tokens"] = samples.Labels.Count(label => label != LabelledPrompt.Ignored);
        var embedded = samples.Embed(Networks.Language, VisualTokens(batch));                                       // [B, T, hidden]
        var hidden = _settings.Checkpointing
            ? Networks.Language.HiddenRecomputed(embedded, _surround)
            : Networks.Language.Hidden(embedded);                                                                   // [B, T, hidden]
        var loss = AnswerLoss.Of(Networks.Language, hidden, samples.Labels, _surround);                             // []
        return loss.Times(_group.Share((int)values["tokens"])).MoveToOuterDisposeScope();                              // tokens of all processes weigh the same
    }

    /// <summary>What the language model sees of the studies; with a gradient to the packers.</summary>
    /// <returns>[B, N, hidden of the language model]</returns>
    public Tensor VisualTokens(IReadOnlyList<TrainingCase> batch)
    {
        using var scope = NewDisposeScope();
        return Pack([.. batch.Select(item => _patches.Get(item.Item.Id, () => Encode(item)))]).MoveToOuterDisposeScope();
    }

    /// <returns>Mean over the tokens to learn, as of <see cref="Loss"/>; patch features are not kept, whose room belongs to the training.</returns>
    public double Validate(IReadOnlyList<TrainingCase> batch, Random random)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        Networks.Train(false);
        try
        {
            var samples = SampleBatch.Of([.. batch.Select(item => _texts.Of(item.Item, random))], Networks.Packers.VisualTokens, _device);
            var embedded = samples.Embed(Networks.Language, Pack([.. batch.Select(Encode)]));                       // [B, T, hidden]
            return AnswerLoss.Of(Networks.Language, Networks.Language.Hidden(embedded), samples.Labels).Read();
        }
        finally
        {
            Networks.Train(true);
        }
    }

    public void WriteModel(string directory) => FineTuneDirectory.Write(directory, Networks, _settings, Templates);

    public void Dispose()
    {
        _patches.Dispose();
        Networks.Dispose();
    }

    /// <param name="studies">Features of the towers.</param>
    /// <returns>[B, N, hidden of the language model]</returns>
    private Tensor Pack(IReadOnlyList<Tensor?[]> studies)
    {
        Tensor? Join(int tower) => studies[0][tower] is null ? null : cat([.. studies.Select(study => study[tower]!)], dim: 0);   // [B, N, hidden]
        return Networks.Packers.Pack(Join(0), Join(1));
    }

    /// <summary>One study at a time, so that its features do not depend on what else is in the batch and can be kept.</summary>
    /// <returns>[1, N, hidden] of the global and of the local tower; null where there is none</returns>
    private Tensor?[] Encode(TrainingCase study)
    {
        using var quiet = no_grad();
        var (depth, height, width) = (Networks.Towers.Tower.Depth, Networks.Towers.Tower.Height, Networks.Towers.Tower.Width);
        if (study.Volume.Length != (long)depth * height * width)
        {
            throw new TrainerException("data.volume", $"{study.Item.Id}: {study.Volume.Length} voxels are not {depth} x {height} x {width}.");
        }

        var volume = tensor(study.Volume, [1, 1, depth, height, width], device: _device);                            // [1, 1, D, H, W]
        var towers = Networks.Towers.EncodeTowers(volume, Slices(study), null, CancellationToken.None);             // [1, 1 + N, hidden] each
        return [towers.Global is { } global ? VisionTokens.Patches(global) : null, towers.Local is { } local ? VisionTokens.Patches(local) : null];
    }

    private Tensor? Slices(TrainingCase study)
    {
        if (Networks.Towers.LocalTower is null || Networks.Towers.Guide != PatchGuide.Slices)
        {
            return null;
        }

        var hidden = Networks.Towers.Tower.Hidden;
        return study.SliceFeatures is { Length: > 0 } features && features.Length % hidden == 0
            ? tensor(features, [1, features.Length / hidden, hidden], device: _device)                               // [1, S, hidden]
            : throw new TrainerException("data.features", $"{study.Item.Id}: the local tower needs slice features of width {hidden}.");
    }
}
