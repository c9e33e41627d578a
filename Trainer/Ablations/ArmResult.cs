using System.Text.Json;
using HSENet.Trainer.Evaluation.Runs;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.Ablations;

/// <summary>What was measured of one arm with one seed, and what it was measured from.</summary>
/// <param name="Arm">Id.</param>
/// <param name="Seed">Of training, phantoms and held-out phantoms.</param>
/// <param name="Seconds">Of training and measuring, shared stages not counted.</param>
/// <param name="Metrics">By name.</param>
/// <param name="Texts">Generated reports by the id of their phantom; empty for stage 2.</param>
/// <param name="Ranks">Of the own document, 0 the nearest, by direction; empty for reports.</param>
internal sealed record ArmResult(
    string Arm,
    int Seed,
    double Seconds,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, string> Texts,
    IReadOnlyDictionary<string, IReadOnlyList<int>> Ranks)
{
    public static string PathOf(string directory, AblationArm arm, int seed) => Path.Combine(directory, "arms", arm.Id, $"seed-{seed}.json");

    /// <summary>Null: not measured yet.</summary>
    /// <exception cref="TrainerException"><c>ablate.result</c>: a file is there and is not a result.</exception>
    public static ArmResult? Read(string directory, AblationArm arm, int seed)
    {
        var path = PathOf(directory, arm, seed);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var result = JsonSerializer.Deserialize<ArmResult>(File.ReadAllText(path), SettingsFile.Json);
            return result?.Arm == arm.Id && result.Seed == seed ? result : throw new TrainerException("ablate.result", $"{path} is not of {arm.Id} with seed {seed}.");
        }
        catch (JsonException e)
        {
            throw new TrainerException("ablate.result", $"{path}: {e.Message}", e);
        }
    }

    public void Write(string directory, AblationArm arm)
    {
        var path = PathOf(directory, arm, Seed);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        EvaluationOutput.Replace(path, partial => File.WriteAllText(partial, JsonSerializer.Serialize(this, SettingsFile.Json) + "\n"));
    }
}
