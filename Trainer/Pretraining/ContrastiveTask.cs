using HSENet.Model.Configuration;
using HSENet.Model.Contrastive;
using HSENet.Model.Runtime;
using HSENet.Model.Vision;
using HSENet.Trainer.Contrastive;
using HSENet.Trainer.Data;
using HSENet.Trainer.Training;
using HSENet.Trainer.Training.Distributed;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace HSENet.Trainer.Pretraining;

/// <summary>
/// A contrastive stage: volumes and reports of the global batch matched by <see cref="ContrastiveLoss"/>; in stage 2 with the similarities held to
/// those of a frozen stage-1 model by <see cref="ConsistencyLoss"/>. The teacher is in evaluation mode: the reference leaves its dropout on, by
/// oversight (hsenet.md 7, row 12).
/// </summary>
internal sealed class ContrastiveTask : IValidatedTask
{
    private readonly ContrastiveNetworks _networks;
    private readonly PretrainingSettings _settings;
    private readonly ContrastiveTexts _texts;
    private readonly ContrastiveLoss _contrast;
    private readonly ConsistencyLoss _consistency;
    private readonly LabelLoss? _labels;
    private readonly Device _device;

    /// <param name="networks">Owned from now on.</param>
    /// <param name="settings">Of the stage.</param>
    /// <param name="texts">Makes ids of the reports.</param>
    /// <param name="group">The processes that share the batch.</param>
    /// <param name="device">Where the networks go.</param>
    public ContrastiveTask(ContrastiveNetworks networks, PretrainingSettings settings, ContrastiveTexts texts, IProcessGroup group, Device device)
    {
        (_networks, _settings, _texts, _device) = (networks, settings, texts, device);
        _contrast = new ContrastiveLoss(group.Features);
        _consistency = new ConsistencyLoss(group.Features, settings.ConsistencyForm);
        networks.Student.to(device);
        networks.Student.train();
        networks.Teacher?.to(device);
        _labels = settings.LabelWeight > 0 ? new LabelLoss(settings.Labels, networks.Tower.Hidden, device, group) : null;
        Trained = [.. networks.Student.named_parameters().Select(item => (item.name, item.parameter)), .. _labels?.Trained ?? []];
    }

    public IReadOnlyList<(string Name, Parameter Value)> Trained { get; }

    public Tensor Loss(IReadOnlyList<TrainingCase> batch, TrainingStep step, IDictionary<string, double> values)
    {
        using var scope = NewDisposeScope();
        var inputs = ContrastiveInputs.Of(batch, _networks.Tower.Image, _texts, step.Random, _device);
        return Loss(inputs, batch, step, values).MoveToOuterDisposeScope();
    }

    /// <summary>As the other, on tensors.</summary>
    /// <param name="inputs">Of the batch.</param>
    /// <param name="batch">For the labels.</param>
    /// <param name="step">For the weight of the consistency loss.</param>
    /// <param name="values">Parts of the loss.</param>
    /// <returns>[] float32</returns>
    internal Tensor Loss(ContrastiveInputs inputs, IReadOnlyList<TrainingCase> batch, TrainingStep step, IDictionary<string, double> values)
    {
        using var scope = NewDisposeScope();
        var weight = _networks.Teacher is null ? 0 : ConsistencyWeight.At(_settings.ConsistencySchedule, step.Step);
        var teacher = Teach(inputs, withImages: weight > 0);
        var (images, texts) = Features(inputs, teacher.TextTokens);                                                  // [B, hidden] each
        var loss = _contrast.Forward(images, texts, _networks.Student.LogitScale);                                   // []
        values["contrastive"] = loss.Read();
        values["scale"] = _networks.Student.LogitScale.Read();
        if (weight > 0)
        {
            var consistency = _consistency.Forward(teacher.Images!, VisionTokens.Cls(teacher.TextTokens!), images, texts, _networks.Student.LogitScale);   // []
            values["consistency"] = consistency.Read();
            values["consistency_weight"] = weight;
            loss = loss.Plus(consistency.Times(weight));
        }

        if (_labels is not null)
        {
            var labels = _labels.Forward(images, batch);                                                             // []
            values["labels"] = labels.Read();
            loss = loss.Plus(labels.Times(_settings.LabelWeight));
        }

        return loss.MoveToOuterDisposeScope();
    }

    /// <returns>The contrastive loss alone, over this batch, as the reference evaluates (hsenet.md 4.1).</returns>
    public double Validate(IReadOnlyList<TrainingCase> batch, Random random)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        _networks.Student.eval();
        try
        {
            var inputs = ContrastiveInputs.Of(batch, _networks.Tower.Image, _texts, random, _device);
            var (images, texts) = Features(inputs, Teach(inputs, withImages: false).TextTokens);                     // [B, hidden] each
            return new ContrastiveLoss(new SingleProcessGather()).Forward(images, texts, _networks.Student.LogitScale).Read();
        }
        finally
        {
            _networks.Student.train();
        }
    }

    public void WriteModel(string directory) => ContrastiveDirectory.Write(directory, _networks);

    public void Dispose()
    {
        _labels?.Dispose();
        _networks.Dispose();
    }

    /// <returns>CLS features of volumes and texts [B, hidden]</returns>
    private (Tensor Images, Tensor Texts) Features(ContrastiveInputs inputs, Tensor? teacherTexts)
    {
        var (guide, guideMask) = Guide(inputs, teacherTexts);
        return (
            VisionTokens.Cls(_networks.Student.EncodeImage(inputs.Volume, guide, guideMask).Tokens),                 // [B, hidden]
            VisionTokens.Cls(_networks.Student.EncodeText(inputs.Ids, inputs.Mask)));                                // [B, hidden]
    }

    /// <returns>CLS features of the volumes [B, hidden] and features of every text token [B, T, hidden]; null where they are not needed</returns>
    private (Tensor? Images, Tensor? TextTokens) Teach(ContrastiveInputs inputs, bool withImages)
    {
        if (_networks.Teacher is not { } teacher || !(withImages || _networks.Guide is PatchGuide.Text or PatchGuide.TextCls))
        {
            return (null, null);
        }

        using var quiet = no_grad();
        return (withImages ? VisionTokens.Cls(teacher.EncodeImage(inputs.Volume).Tokens) : null, teacher.EncodeText(inputs.Ids, inputs.Mask));
    }

    /// <returns>[B, K, hidden] and [B, K]: 0 where the guide is padding</returns>
    private (Tensor? Guide, Tensor? Mask) Guide(ContrastiveInputs inputs, Tensor? textTokens) => _networks.Guide switch
    {
        null or PatchGuide.None => (null, null),
        PatchGuide.Slices => (Slices(inputs), null),
        PatchGuide.TextCls => (textTokens!.narrow(1, 0, 1), null),
        _ => (textTokens, inputs.Mask),
    };

    private Tensor Slices(ContrastiveInputs inputs) => inputs.Slices is { } rows && rows.shape[1] % _networks.Tower.Hidden == 0
        ? rows.reshape(rows.shape[0], -1, _networks.Tower.Hidden)                                                    // [B, S, hidden]
        : throw new TrainerException("data.features", $"Stage 2 guided by slices needs slice features of width {_networks.Tower.Hidden} for every study.");
}
