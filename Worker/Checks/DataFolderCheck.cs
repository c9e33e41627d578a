using HSENet.Worker.Configuration;

namespace HSENet.Worker.Checks;

/// <summary>
/// Whether a gateway could take the data folder's lock. One that a running gateway holds is well: nothing is taken from it, nor from one
/// that starts at the same moment.
/// </summary>
internal sealed class DataFolderCheck(WorkerSettings settings)
{
    private string LockFile => Path.Combine(settings.Data.Directory, "spool", "lock");

    /// <returns>Null when all is well.</returns>
    public string? Run()
    {
        var spool = Path.Combine(settings.Data.Directory, "spool");
        if (File.Exists(settings.Data.Directory) || File.Exists(spool))
        {
            return $"{spool} is a file where a folder is wanted (HSENet:Data:Directory)";
        }

        return FileAccessCheck.MayWrite(LockFile) ? null : $"the lock {LockFile} cannot be opened by this user: serve would not start";
    }

    /// <summary>
    /// A gateway runs with this data folder. To be asked of a gateway's port that is taken: whoever has the port has the lock already, or is
    /// another program, and then no gateway can start that the look (a shared lock, for an instant) could be in the way of.
    /// </summary>
    public bool IsHeld()
    {
        try
        {
            using var file = new FileStream(LockFile, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
