using HSENet.Model.Configuration;

namespace HSENet.Trainer.Pretraining;

/// <summary>A file that is not trained and belongs to the model directory all the same.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its name in the model directory.</param>
/// <param name="Weights">Its entry in hsenet.json; null: it has none, or another section names it.</param>
internal sealed record CarriedFile(string Path, string Name, WeightSection? Weights)
{
    /// <summary>The vocabulary of a directory's text encoder.</summary>
    public static IEnumerable<CarriedFile> Texts(ModelDirectory directory) =>
        directory.Configuration.Text?.Files.Select(name => new CarriedFile(directory.PathOf(name), name, null)) ?? [];

    /// <summary>The slice encoder of a directory.</summary>
    public static IEnumerable<CarriedFile> SliceEncoder(ModelDirectory directory) => directory.Configuration.Weights
        .Where(file => file.Role == WeightRoles.SliceEncoder).Select(file => new CarriedFile(directory.PathOf(file.Path), file.Path, file));

    public void CopyTo(string directory)
    {
        var target = System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, Name));
        if (target != System.IO.Path.GetFullPath(Path))
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(Path, target, overwrite: true);
        }
    }
}
