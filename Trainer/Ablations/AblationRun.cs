using HSENet.Model.Configuration;
using HSENet.Trainer.Evaluation.Runs;
using HSENet.Trainer.Training;
using static TorchSharp.torch;

namespace HSENet.Trainer.Ablations;

/// <summary>Trains what is not trained yet, arm by arm and seed by seed, and writes the tables after each seed.</summary>
/// <param name="model">Has the slice encoder, the language model, and stage 1 unless that is trained.</param>
/// <param name="directory">Gets the results; those that it has are kept.</param>
/// <param name="settings">Of the run.</param>
/// <param name="log">Progress.</param>
internal sealed class AblationRun(string model, string directory, AblationSettings settings, TextWriter log)
{
    public const string TablesJson = "tables.json";
    public const string TablesText = "tables.md";

    private const string LockFile = "lock";

    /// <summary>Looked at before each arm. Called with what comes next: tests count arms by it.</summary>
    public Action<AblationArm, int>? Beginning { get; init; }

    /// <param name="tables">Which.</param>
    /// <param name="seeds">1 to so many.</param>
    /// <param name="cancellationToken">Stops before the next arm.</param>
    /// <exception cref="TrainerException"><c>ablate.model</c>, <c>ablate.other</c>, <c>ablate.busy</c>, <c>ablate.result</c>, <c>settings.range</c>.</exception>
    public void Execute(IReadOnlyList<AblationTable> tables, int seeds, CancellationToken cancellationToken)
    {
        set_num_threads(1);       // layers this small: a second thread would only spin
        var source = ModelDirectory.Open(model);
        Check(source.Configuration);
        new AblationIdentity(source.Digest(), settings.Validated()).Claim(directory);
        using var busy = Hold();
        var arms = AblationPlan.Arms(tables);
        var (done, started, clock) = (0, 0, TimeProvider.System.GetTimestamp());
        var missing = Enumerable.Range(1, seeds).Sum(seed => arms.Count(arm => ArmResult.Read(directory, arm, seed) is null));
        log.WriteLine($"{arms.Count} arms, {seeds} seeds: {missing} to train, {(arms.Count * seeds) - missing} done before");
        for (var seed = 1; seed <= seeds; seed++)
        {
            using var shared = new AblationSeed(seed, source, settings, directory, log);
            foreach (var arm in arms.Where(arm => ArmResult.Read(directory, arm, seed) is null))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Beginning?.Invoke(arm, seed);
                started++;
                var result = arm.Report is null ? RetrievalArm.Run(shared, arm) : ReportArm.Run(shared, arm, source, settings, log);
                result.Write(directory, arm);
                done++;
                var left = TimeProvider.System.GetElapsedTime(clock) / done * (missing - done);
                log.WriteLine(FormattableString.Invariant(
                    $"seed {seed}: {arm.Id} {result.Seconds:F0} s, {string.Join(", ", result.Metrics.Select(item => FormattableString.Invariant($"{item.Key} {item.Value:F3}")))}; {done} of {missing}, {left:hh\\:mm\\:ss} left"));
                log.Flush();
            }

            Write(tables, seed);
        }
    }

    /// <summary>One process a folder: two would take each other's files for those of an earlier run.</summary>
    private FileStream Hold()
    {
        var path = Path.Combine(directory, LockFile);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new TrainerException("ablate.busy", $"Another process works in {directory}.", e);
        }
    }

    /// <summary>The tables over the first seeds, of what is there.</summary>
    private void Write(IReadOnlyList<AblationTable> tables, int seeds)
    {
        var summaries = tables.Select(table => TableSummary.Of(table, arm => [.. Enumerable.Range(1, seeds).Select(seed => ArmResult.Read(directory, arm, seed)!)])).ToArray();
        EvaluationOutput.Replace(Path.Combine(directory, TablesJson), path => File.WriteAllText(path, System.Text.Json.JsonSerializer.Serialize(summaries, SettingsFile.Json) + "\n"));
        EvaluationOutput.Replace(Path.Combine(directory, TablesText), path => File.WriteAllText(path, TableText.Of(summaries, seeds)));
    }

    private static void Check(ModelConfiguration configuration)
    {
        var vision = ModelConfiguration.Need(configuration.Vision, "vision");
        ModelConfiguration.Need(configuration.Language, "language");
        ModelConfiguration.Need(configuration.Prompt, "prompt");
        ModelConfiguration.Need(configuration.Generation, "generation");
        if (!vision.Image.AsSpan().SequenceEqual([32, 64, 64]))
        {
            throw new TrainerException("ablate.model", "The phantoms are drawn on a grid of 32 x 64 x 64: a model of that image is wanted, such as Model/Demo.");
        }

        var grid = vision.ToConfig().Grid;
        if (grid.D % 2 != 0 || grid.H % 8 != 0 || grid.W % 8 != 0)
        {
            throw new TrainerException("ablate.model", $"The packers' windows do not fit {grid.D} x {grid.H} x {grid.W} patches.");
        }
    }
}
