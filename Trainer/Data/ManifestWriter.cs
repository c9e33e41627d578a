using System.Text.Json;

namespace HSENet.Trainer.Data;

/// <summary>Writes JSON Lines; the file appears when it is whole.</summary>
internal static class ManifestWriter
{
    public const string FileName = "manifest.jsonl";

    public static string Line(ManifestItem item) => JsonSerializer.Serialize(item, ManifestJson.Options);

    /// <exception cref="TrainerException"><c>manifest.exists</c>: nothing is overwritten.</exception>
    public static void Write(string path, IEnumerable<ManifestItem> items)
    {
        Guard(path);
        var part = path + ".part";
        File.WriteAllLines(part, items.Select(Line));
        File.Move(part, path);
    }

    /// <exception cref="TrainerException"><c>manifest.exists</c>.</exception>
    public static void Guard(string path)
    {
        if (File.Exists(path))
        {
            throw new TrainerException("manifest.exists", $"{path} is there already.");
        }
    }
}
