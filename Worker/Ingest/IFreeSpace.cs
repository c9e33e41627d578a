namespace HSENet.Worker.Ingest;

/// <summary>Room left for the spool.</summary>
internal interface IFreeSpace
{
    /// <summary>Bytes that an unprivileged process may still write under the directory.</summary>
    long AvailableBytes(string directory);
}

/// <summary>Asks the file system.</summary>
internal sealed class DriveFreeSpace : IFreeSpace
{
    public long AvailableBytes(string directory) => new DriveInfo(directory).AvailableFreeSpace;
}
