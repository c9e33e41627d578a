using System.Globalization;
using HSENet.Trainer.Training.Checkpoints;
using HSENet.Trainer.Training.Distributed;
using HSENet.Trainer.Training.Records;
using static TorchSharp.torch;

namespace HSENet.Trainer.Training;

/// <summary>
/// One training in one folder: <c>run.json</c>, <c>training.log</c>, <c>events/</c> for TensorBoard, <c>checkpoints/</c>, and at the end the model
/// directory itself. Rank 0 writes; the other processes only compute.
/// </summary>
internal sealed class TrainingRun : IDisposable
{
    private const string LogFile = "training.log";
    private const string EventsFolder = "events";
    private const string CheckpointsFolder = "checkpoints";

    /// <summary>Between two lines of progress.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly IProcessGroup _group;
    private readonly TimeProvider _time;
    private readonly StreamWriter _log;

    private TrainingRun(string directory, IProcessGroup group, TextWriter output, TimeProvider time, StreamWriter log) =>
        (Directory, _group, Output, _time, _log) = (directory, group, output, time, log);

    public string Directory { get; }

    /// <summary>The console; silent where this is not rank 0.</summary>
    public TextWriter Output { get; }

    /// <summary>What is measured on the way, by rank 0; null: nothing.</summary>
    public ValidationSet? Validation { get; set; }

    /// <summary>Takes the folder for this process alone.</summary>
    /// <param name="directory">Is made.</param>
    /// <param name="resume">Whether an earlier run may be there.</param>
    /// <param name="group">The processes of the run.</param>
    /// <param name="output">The console.</param>
    /// <param name="time">Clock.</param>
    /// <exception cref="TrainerException"><c>training.exists</c>: there is a run already; <c>training.busy</c>: it is going on.</exception>
    public static TrainingRun Open(string directory, bool resume, IProcessGroup group, TextWriter output, TimeProvider time)
    {
        System.IO.Directory.CreateDirectory(directory);
        if (group.Rank > 0)
        {
            return new(directory, group, TextWriter.Null, time, StreamWriter.Null);
        }

        var log = Path.Combine(directory, LogFile);
        if (!resume && (File.Exists(log) || new CheckpointStore(Path.Combine(directory, CheckpointsFolder)).Steps.Count > 0))
        {
            throw new TrainerException("training.exists", $"{directory} holds a training already: continue it with --resume, or take another folder.");
        }

        try
        {
            return new(directory, group, output, time, new StreamWriter(new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.Read)));
        }
        catch (IOException e) when (File.Exists(log))
        {
            throw new TrainerException("training.busy", $"Another process trains in {directory}.", e);
        }
    }

    /// <summary>Trains to the end, or until Ctrl-C, SIGTERM or the token; then the model directory is written, or how to go on is told.</summary>
    /// <param name="task">What is trained.</param>
    /// <param name="batches">On what.</param>
    /// <param name="settings">How.</param>
    /// <param name="record">What <c>run.json</c> says; starts and outcome are filled in here.</param>
    /// <param name="device">Where the task's tensors are.</param>
    /// <param name="resume">From the newest checkpoint, if there is one.</param>
    /// <param name="cancellationToken">Stops it as a signal does.</param>
    public TrainingOutcome Execute(ITrainingTask task, IBatchSource batches, TrainingSettings settings, RunRecord record, Device device, bool resume, CancellationToken cancellationToken)
    {
        using var signals = new StopSignals(() => Tell("stopping after this step; a second signal ends at once"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, signals.Token);
        var store = new CheckpointStore(Path.Combine(Directory, CheckpointsFolder));
        var first = resume ? Newest(store) : 0;
        using var events = _group.Rank == 0 ? new EventFile(Path.Combine(Directory, EventsFolder), first, _time) : null;
        var starts = (resume ? RunRecord.Read(Directory)?.Starts : null) ?? [];
        var started = new RunStart(_time.GetUtcNow(), null, "running", first);
        Record(record with { Starts = [.. starts, started] });
        var loop = new TrainingLoop(task, batches, settings, _group, store)
        {
            Device = device,
            Warn = Tell,
            Identity = new Dictionary<string, string>(record.Models) { ["data"] = record.DataDigest, ["settings"] = SettingsDigest.Of(record.Settings) },
            Observers = events is null ? [] : [new ProgressLines(Output, _log, _time, s_interval), new EventLog(events), .. Measuring(settings, device, events)],
        };
        if (resume)
        {
            Tell(first > 0 ? string.Create(CultureInfo.InvariantCulture, $"resuming at step {first}") : "nothing to resume: starting anew");
        }

        try
        {
            var outcome = loop.Run(resume, stop.Token);
            var ended = started with { End = _time.GetUtcNow(), Outcome = outcome.Finished ? "finished" : "stopped", Step = outcome.Step };
            if (outcome.Finished && _group.Rank == 0)
            {
                task.WriteModel(Directory);
            }

            Record(record with { Steps = outcome.Steps, Starts = [.. starts, ended], LeftOut = [.. record.LeftOut, .. outcome.LeftOut] });
            Tell(outcome.Finished
                ? string.Create(CultureInfo.InvariantCulture, $"finished: {outcome.Steps} steps, {record.LeftOut.Count + outcome.LeftOut.Count} items left out, model in {Directory}")
                : string.Create(CultureInfo.InvariantCulture, $"stopped at step {outcome.Step} of {outcome.Steps}: saved; continue with --resume"));
            return outcome;
        }
        catch (Exception e)
        {
            Record(record with { Starts = [.. starts, started with { End = _time.GetUtcNow(), Outcome = (e as TrainerException)?.Code ?? e.GetType().Name, Step = Newest(store) }] });
            throw;
        }
    }

    public void Dispose() => _log.Dispose();

    private IEnumerable<ITrainingObserver> Measuring(TrainingSettings settings, Device device, EventFile events) =>
        Validation is { } set ? [new Validation(set, settings, device, (step, loss) => events.Scalars(step, [KeyValuePair.Create("validation/loss", loss)]), Tell)] : [];

    private static long Newest(CheckpointStore store) => store.Steps is [var step, ..] ? step : 0;

    private void Record(RunRecord record)
    {
        if (_group.Rank == 0)
        {
            record.Write(Directory);
        }
    }

    private void Tell(string line)
    {
        Output.WriteLine(line);
        if (_group.Rank == 0)
        {
            _log.WriteLine($"{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {line}");
            _log.Flush();
        }
    }
}
