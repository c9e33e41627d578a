using HSENet.TestKit;

namespace HSENet.Architecture.Tests;

/// <summary>The repository's own files: nothing that a build, a run or a tool leaves in the folders.</summary>
internal static class SourceTree
{
    private static readonly HashSet<string> Produced = new(StringComparer.Ordinal) { ".git", ".artifacts", ".local", ".vs", ".idea", "bin", "obj", "TestResults" };

    /// <summary>Paths from the root of all files, or of those with one of the given endings.</summary>
    public static IEnumerable<string> Files(params string[] endings) =>
        Walk(new DirectoryInfo(Repo.Root))
            .Where(path => endings.Length == 0 || endings.Any(e => path.EndsWith(e, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    /// <summary>The projects of the solution, as paths from the root.</summary>
    public static IEnumerable<string> Projects() => Files(".csproj");

    /// <summary>The entries of the root folder, but for what stays out of the repository.</summary>
    public static IEnumerable<string> RootEntries() =>
        new DirectoryInfo(Repo.Root).EnumerateFileSystemInfos().Select(e => e.Name).Where(name => !Produced.Contains(name) && name != "data");

    public static string[] Lines(string file) => File.ReadAllLines(Repo.Path(file));

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (Produced.Contains(entry.Name) || entry.LinkTarget is not null)
                continue;
            var path = Path.GetRelativePath(Repo.Root, entry.FullName);
            if (entry is not DirectoryInfo inner)
                yield return path;
            else if (path != "data")
            {
                foreach (var file in Walk(inner))
                    yield return file;
            }
        }
    }
}
