namespace HSENet.Worker.Configuration;

/// <summary>Where a model directory is: relative to the content root, else beside the program (the shipped demonstration model).</summary>
internal static class ModelLocation
{
    /// <summary>What makes a directory a model directory (design.md section 4).</summary>
    public const string ConfigurationFile = "hsenet.json";

    public static string Resolve(string directory, string contentRoot)
    {
        var fromContentRoot = Path.GetFullPath(directory, contentRoot);
        var besideProgram = Path.GetFullPath(directory, AppContext.BaseDirectory);
        return !Directory.Exists(fromContentRoot) && Directory.Exists(besideProgram) ? besideProgram : fromContentRoot;
    }

    /// <summary>The directory of a model that a job names: the configured one, or its neighbour of that name.</summary>
    public static string Beside(ModelOptions options, string name) => name == options.DirectoryName
        ? options.Directory
        : Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Directory))) ?? "/", Path.GetFileName(name));
}
