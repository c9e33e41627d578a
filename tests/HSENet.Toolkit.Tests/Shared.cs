namespace HSENet.Toolkit.Tests;

/// <summary>The read-only folder of test data and references, in HSENET_SHARED or beside the repository; tests skip without it.</summary>
internal static class Shared
{
    private static readonly string? Root = Find();

    internal static string Folder(string relative)
    {
        Assert.SkipWhen(Root is null, "shared data not found: set HSENET_SHARED");
        var path = Path.Combine(Root!, relative);
        Assert.SkipUnless(Path.Exists(path), $"shared/{relative} not found");
        return path;
    }

    internal static IReadOnlyList<string> Files(string relative, string pattern = "*") =>
        [.. Directory.EnumerateFiles(Folder(relative), pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("HSENET_SHARED") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HSENet.sln")))
            {
                var beside = Path.Combine(folder.FullName, "..", "shared");
                return Directory.Exists(beside) ? beside : null;
            }
        }

        return null;
    }
}
