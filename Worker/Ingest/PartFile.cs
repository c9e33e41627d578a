namespace HSENet.Worker.Ingest;

/// <summary>A new file for an instance that arrives, open for writing; or why it could not be made.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Stream">Null when it could not be made.</param>
/// <param name="Failure">Null when it could.</param>
internal sealed record PartFile(string Path, FileStream? Stream, Exception? Failure)
{
    public static PartFile Create(string path)
    {
        try
        {
            return new PartFile(
                path,
                new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.Read,
                    BufferSize = 0, // what comes is a PDU or the header: a buffer of that size would be copied through and thrown away for each instance
#pragma warning disable CA1416 // the service runs on Linux
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
#pragma warning restore CA1416
                }),
                Failure: null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new PartFile(path, Stream: null, e);
        }
    }

    /// <summary>The same file under another name; a failure as of <see cref="Create"/> when it cannot be had.</summary>
    public PartFile MoveTo(string path)
    {
        try
        {
            File.Move(Path, path);
            return this with { Path = path };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard();
            return new PartFile(path, Stream: null, e);
        }
    }

    /// <summary>It was not needed.</summary>
    public void Discard()
    {
        Stream?.Dispose();
        SpoolStore.Discard(Path);
    }
}
