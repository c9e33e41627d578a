using HSENet.Worker.Configuration;

namespace HSENet.Worker.Checks;

/// <summary>
/// Whether a gateway could take the data folder's lock. One that a running gateway holds is well: nothing is taken from it.
/// </summary>
internal sealed class DataFolderCheck(WorkerSettings settings)
{
    /// <returns>Null when all is well.</returns>
    public string? Run()
    {
        var spool = Path.Combine(settings.Data.Directory, "spool");
        try
        {
            if (File.Exists(settings.Data.Directory) || File.Exists(spool))
            {
                return $"{spool} is a file where a folder is wanted (HSENet:Data:Directory)";
            }

            return Look() == Holder.Denied ? $"the lock {LockFile} cannot be opened by this user: serve would not start" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{spool}: {e.Message}";
        }
    }

    /// <summary>A gateway runs with this data folder.</summary>
    public bool IsHeld() => Look() == Holder.Gateway;

    private string LockFile => Path.Combine(settings.Data.Directory, "spool", "lock");

    private Holder Look()
    {
        try
        {
            using var file = new FileStream(LockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return Holder.Nobody;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Holder.Nobody;
        }
        catch (UnauthorizedAccessException)
        {
            return Holder.Denied;
        }
        catch (IOException)
        {
            return Holder.Gateway;
        }
    }

    private enum Holder
    {
        Nobody,
        Gateway,
        Denied,
    }
}
