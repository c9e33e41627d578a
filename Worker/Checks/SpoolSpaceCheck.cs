using HSENet.Worker.Configuration;
using HSENet.Worker.Ingest;

namespace HSENet.Worker.Checks;

/// <summary>Whether the data directory (or the one where it will be made) can be written and has the wanted room.</summary>
internal sealed class SpoolSpaceCheck(IFreeSpace freeSpace)
{
    /// <returns>Null when all is well.</returns>
    public string? Run(WorkerSettings settings)
    {
        var directory = settings.Data.Directory;
        while (!Directory.Exists(directory))
        {
            directory = Path.GetDirectoryName(directory) ?? "/";
        }

        try
        {
            var probe = Path.Combine(directory, $".check-{Guid.NewGuid():N}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }

            var free = freeSpace.AvailableBytes(directory);
            var wanted = settings.Spool.MinimumFreeSpace.Bytes;
            return free >= wanted ? null : $"{free >> 20} MiB free at {directory}, HSENet:Spool:MinimumFreeSpace is {wanted >> 20} MiB";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{directory} cannot be written: {e.Message}";
        }
    }
}
