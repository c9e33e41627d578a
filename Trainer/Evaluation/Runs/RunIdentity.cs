using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>What predictions depend on: those of another identity are never mixed in. The file <c>run.json</c> of an output folder.</summary>
/// <param name="Task">In lower case.</param>
/// <param name="Model">Digest of the model directory.</param>
/// <param name="Data">SHA-256 of the manifest.</param>
/// <param name="Seed">Of the draws.</param>
internal sealed record RunIdentity(string Task, string Model, string Data, int Seed)
{
    public const string FileName = "run.json";

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string DigestOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Takes a folder for this run, new or begun.</summary>
    /// <exception cref="TrainerException"><c>evaluate.other</c>: the folder holds the predictions of another run; what differs is named.</exception>
    public void Claim(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        if (!File.Exists(path))
        {
            if (Directory.EnumerateFileSystemEntries(directory).Any())
            {
                throw new TrainerException("evaluate.other", $"{directory} holds other files and no {FileName}: choose an empty or a new folder.");
            }

            var partial = path + ".partial";
            File.WriteAllText(partial, JsonSerializer.Serialize(this, s_json) + "\n");
            File.Move(partial, path);
            return;
        }

        RunIdentity? found;
        try
        {
            found = JsonSerializer.Deserialize<RunIdentity>(File.ReadAllBytes(path), s_json);
        }
        catch (JsonException)
        {
            found = null;
        }

        if (found != this)
        {
            (string Name, bool Same)[] parts = [("task", found?.Task == Task), ("model", found?.Model == Model), ("data", found?.Data == Data), ("seed", found?.Seed == Seed)];
            throw new TrainerException(
                "evaluate.other", $"{directory} holds the predictions of another run (other {string.Join(", ", parts.Where(part => !part.Same).Select(part => part.Name))}): choose another folder.");
        }
    }
}
