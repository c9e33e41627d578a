using System.Text.Json;
using HSENet.Trainer.Evaluation.Runs;
using HSENet.Trainer.Training;

namespace HSENet.Trainer.Ablations;

/// <summary>What results depend on: those of other settings or another model are never put in one table. The file <c>run.json</c> of the output folder.</summary>
/// <param name="Model">Digest of the model directory.</param>
/// <param name="Settings">Of the run.</param>
internal sealed record AblationIdentity(string Model, AblationSettings Settings)
{
    public const string FileName = "run.json";

    /// <summary>Takes a folder for this run, new or begun.</summary>
    /// <exception cref="TrainerException"><c>ablate.other</c>: the folder is of another run.</exception>
    public void Claim(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        var own = JsonSerializer.Serialize(this, SettingsFile.Json) + "\n";
        if (!File.Exists(path))
        {
            if (Directory.EnumerateFileSystemEntries(directory).Any())
            {
                throw new TrainerException("ablate.other", $"{directory} holds other files and no {FileName}: choose an empty or a new folder.");
            }

            EvaluationOutput.Replace(path, partial => File.WriteAllText(partial, own));
        }
        else if (File.ReadAllText(path) != own)
        {
            throw new TrainerException("ablate.other", $"{directory} holds results of another model or of other settings: choose another folder.");
        }
    }
}
