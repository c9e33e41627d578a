namespace HSENet.TestKit;

/// <summary>The repository that the tests run in.</summary>
public static class Repo
{
    /// <summary>The folder of HSENet.sln, found upwards from the test's own folder, else from the current one.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory) ?? Find(Environment.CurrentDirectory)
        ?? throw new InvalidOperationException("HSENet.sln is in no folder above the tests.");

    /// <summary>A path inside the repository, made of <paramref name="parts"/>.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string? Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "HSENet.sln")))
                return folder.FullName;
        }

        return null;
    }
}
