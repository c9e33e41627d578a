using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using HSENet.Model;
using HSENet.Model.Runtime;
using HSENet.Trainer.Data;
using HSENet.Trainer.Training.Checkpoints;
using HSENet.Trainer.Training.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training;

/// <summary>
/// Trains a task: forward passes, averaged gradients, clipping, AdamW, the learning rate's course, checkpoints. Everything random follows from
/// seed, step and rank, so a run that was stopped and resumed ends with the very bits of one that was not. Belongs to one thread.
/// </summary>
internal sealed class TrainingLoop(ITrainingTask task, IBatchSource batches, TrainingSettings settings, IProcessGroup group, CheckpointStore checkpoints)
{
    private readonly Dictionary<string, BadItem> _leftOut = new(StringComparer.Ordinal);

    /// <summary>Who is told what happens.</summary>
    public IReadOnlyList<ITrainingObserver> Observers { get; init; } = [];

    /// <summary>What a checkpoint must share with this run beside <see cref="TrainingSettings"/>: digest of the data, settings of the task.</summary>
    public IReadOnlyDictionary<string, string> Identity { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the task's tensors are.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>Is told what a person should know and nothing else depends on.</summary>
    public Action<string> Warn { get; init; } = _ => { };

    /// <summary>Runs to the end, or until it is stopped; a stop is obeyed after the step that is being done, and leaves a checkpoint.</summary>
    /// <param name="resume">From the newest checkpoint, if there is one.</param>
    /// <param name="stop">Ends the run early.</param>
    /// <exception cref="TrainerException">
    /// <c>training.too-few</c>: the data do not fill one step; <c>training.not-finite</c>, <c>training.step</c>: names the items of the batch;
    /// <c>checkpoint.*</c>.
    /// </exception>
    public TrainingOutcome Run(bool resume, CancellationToken stop)
    {
        var perEpoch = batches.BatchesPerEpoch / settings.Accumulation;
        if (perEpoch == 0)
        {
            throw new TrainerException("training.too-few", $"The data do not fill one step of {(long)settings.Batch * settings.Accumulation} studies.");
        }

        var steps = (long)perEpoch * settings.Epochs;
        var rate = LearningRate.For(settings, steps);
        using var optimizer = new FusedAdamW(task.Trained, settings);
        group.Agree(Device.type == DeviceType.CUDA ? 1 : 0, "kinds of device (1: a GPU)");
        group.Agree(BinaryPrimitives.ReadUInt16LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Fingerprint())))), "data or settings (their digest's first 16 bits)");
        var (step, means) = resume && group.Rank == 0 ? Restore(optimizer) : (0, new LossMeans());
        step = group.OfFirst(step);   // what rank 0 has found is what all go on from
        group.Broadcast([.. task.Trained.Select(item => item.Value), .. optimizer.State.Select(item => item.Value)]);
        var saved = step;
        var stopping = group.Any(stop.IsCancellationRequested);
        while (step < steps && !stopping)
        {
            var epoch = (int)(step / perEpoch);
            var within = (int)(step % perEpoch);
            means = within == 0 ? new LossMeans() : means;
            using var reading = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken.None);
            using var source = batches.Epoch(epoch, within * settings.Accumulation, reading.Token).GetEnumerator();
            for (; within < perEpoch && !stopping; within++)
            {
                var result = Step(optimizer, source, epoch, step, steps, rate.At(step));
                step++;
                means = means.With(result.Loss, result.Parts);
                Tell(observer => observer.Step(result));
                if (within == perEpoch - 1)
                {
                    Tell(observer => observer.Epoch(new(epoch, settings.Epochs, step, steps, means.Mean, means.PartMeans(), _leftOut.Count)));
                }

                if (step % settings.CheckpointInterval == 0)
                {
                    saved = Save(optimizer, step, means);
                }

                stopping = group.Any(stop.IsCancellationRequested);   // all processes stop at the same step
            }

            reading.Cancel();
        }

        if (saved != step)
        {
            Save(optimizer, step, means);
        }

        return new TrainingOutcome(step, steps, [.. _leftOut.Values]);
    }

    private (long Step, LossMeans Means) Restore(FusedAdamW optimizer)
    {
        var state = checkpoints.Load(
            task.Trained.ToDictionary(item => item.Name, item => (Tensor)item.Value, StringComparer.Ordinal), optimizer.State.ToDictionary(StringComparer.Ordinal), Fingerprint(), Warn);
        return state is null ? (0, new LossMeans()) : (state.Step, state.Means);
    }

    private long Save(FusedAdamW optimizer, long step, LossMeans means)
    {
        if (group.Rank == 0)
        {
            checkpoints.Save(
                new CheckpointState { Step = step, Fingerprint = Fingerprint(), Means = means, Files = new Dictionary<string, string>() },
                task.Trained.Select(item => KeyValuePair.Create(item.Name, (Tensor)item.Value)),
                optimizer.State);
            NativeHeap.Trim();
        }

        Tell(observer => observer.Saved(step));
        return step;
    }

    /// <summary>What decides over the course of the run. How often it is saved, how many threads read and how many processes share it do not.</summary>
    private SortedDictionary<string, string> Fingerprint()
    {
        var names = new SortedDictionary<string, string>(Identity.ToDictionary(), StringComparer.Ordinal)
        {
            ["training"] = (settings with { CheckpointInterval = 1, Workers = 1, Threads = 0, Device = "auto" }).ToString(),
        };
        return names;
    }

    private StepResult Step(FusedAdamW optimizer, IEnumerator<TrainingBatch> source, int epoch, long step, long steps, double rate)
    {
        using var scope = NewDisposeScope();
        var sums = new LossMeans();
        var cases = 0;
        optimizer.ClearGradients();
        for (var pass = 0; pass < settings.Accumulation; pass++)
        {
            if (!source.MoveNext())
            {
                throw new InvalidOperationException("The source of batches ended before its epoch.");
            }

            var batch = source.Current;
            NoteLeftOut(batch.Bad);
            var used = (int)group.All(batch.Cases.Count).Min();   // what one process could not read leaves the others with more than they can pair
            if (used > 0)
            {
                var (loss, parts) = Forward([.. batch.Cases.Take(used)], epoch, step, pass);
                sums = sums.With(loss, parts);
                cases += used;
            }
        }

        var gradients = task.Trained.Select(item => item.Value.grad).OfType<Tensor>().ToList();
        group.Average(gradients);
        var norm = GradientClip.Apply(gradients, settings.ClipNorm);
        if (!double.IsFinite(norm))
        {
            throw new TrainerException("training.not-finite", $"The gradient of step {step + 1} is not finite; checkpoints before it are sound.");
        }

        if (cases > 0)
        {
            optimizer.Step(rate);
        }

        optimizer.ClearGradients();
        sums = group.Mean(sums);
        return new StepResult(epoch, step + 1, steps, sums.Mean, sums.PartMeans(), rate, norm, cases);
    }

    /// <summary>One forward and backward pass; gradients add up in the parameters.</summary>
    private (double Loss, Dictionary<string, double> Parts) Forward(IReadOnlyList<TrainingCase> cases, int epoch, long step, int pass)
    {
        using var scope = NewDisposeScope();
        var parts = new Dictionary<string, double>(StringComparer.Ordinal);
        manual_seed(Draws.ForDropout(settings.Seed, step, pass, group.Rank));
        try
        {
            Tensor loss;
            using (settings.UsesBFloat16(Device) ? new Autocast(Device.type) : null)
            {
                loss = task.Loss(cases, new TrainingStep(epoch, step, Draws.ForStep(settings.Seed, step, pass, group.Rank)), parts);   // []
            }

            var value = loss.Read();
            if (!double.IsFinite(value))
            {
                throw new TrainerException("training.not-finite", $"The loss of step {step + 1} is {value}, with the items {Names(cases)}.");
            }

            loss.Over(settings.Accumulation).backward();
            return (value, parts);
        }
        catch (ExternalException e)
        {
            throw new TrainerException("training.step", $"Step {step + 1} failed in the tensor library, with the items {Names(cases)}: {e.Message.Split('\n')[0]}", e);
        }
        catch (HSENetModelException e)
        {
            throw new TrainerException(e.Code, $"Step {step + 1} failed with the items {Names(cases)}: {e.Message}", e);
        }
    }

    private static string Names(IEnumerable<TrainingCase> cases) => string.Join(", ", cases.Select(item => item.Item.Id));

    private void NoteLeftOut(IReadOnlyList<BadItem> items)
    {
        foreach (var item in items.Where(item => _leftOut.TryAdd(item.Name, item)))
        {
            Tell(observer => observer.LeftOut(item));
        }
    }

    private void Tell(Action<ITrainingObserver> what)
    {
        foreach (var observer in Observers)
        {
            what(observer);
        }
    }
}
