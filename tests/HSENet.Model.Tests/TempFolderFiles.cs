using HSENet.TestKit;

namespace HSENet.Model.Tests;

internal static class TempFolderFiles
{
    /// <summary>Writes a file and returns its path.</summary>
    public static string Write(this TempFolder folder, string name, byte[] bytes)
    {
        var path = folder.Path(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
