namespace HSENet.TestKit;

/// <summary>An empty folder that is gone when the test is.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Makes the folder; <paramref name="purpose"/> becomes part of its name.</summary>
    public TempFolder(string purpose = "test")
    {
        Root = Directory.CreateTempSubdirectory($"hsenet-{purpose}-").FullName;
    }

    /// <summary>The folder's full path.</summary>
    public string Root { get; }

    /// <summary>A path inside the folder.</summary>
    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>Makes a folder inside and returns its path.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path(name)).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // a peer that is being stopped may still write; the system's temporary folder is cleaned by the system
        }
    }
}
