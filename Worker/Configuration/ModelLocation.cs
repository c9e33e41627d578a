namespace HSENet.Worker.Configuration;

/// <summary>Where a model directory is: relative to the content root, else beside the program (the shipped demonstration model).</summary>
internal static class ModelLocation
{
    public static string Resolve(string directory, string contentRoot)
    {
        var fromContentRoot = Path.GetFullPath(directory, contentRoot);
        var besideProgram = Path.GetFullPath(directory, AppContext.BaseDirectory);
        return !Directory.Exists(fromContentRoot) && Directory.Exists(besideProgram) ? besideProgram : fromContentRoot;
    }
}
