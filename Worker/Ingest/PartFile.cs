namespace HSENet.Worker.Ingest;

/// <summary>A new file for an instance that arrives, open for writing; or why it could not be made.</summary>
/// <param name="Path">Where it is; the name is <paramref name="Key"/>.</param>
/// <param name="Key">Key of the instance that it will hold.</param>
/// <param name="Stream">Null when it could not be made.</param>
/// <param name="Failure">Null when it could.</param>
internal sealed record PartFile(string Path, Guid Key, FileStream? Stream, Exception? Failure)
{
    public const string Extension = ".part";

    /// <summary>Its row may have been committed: whoever throws the part away would leave a row without a file. The next start settles it.</summary>
    public bool MayHaveRow { get; set; }

    /// <param name="folder">Where it is made.</param>
    /// <param name="key">Key of the instance that it will hold.</param>
    public static PartFile Create(string folder, Guid key)
    {
        var path = System.IO.Path.Combine(folder, $"{key:N}{Extension}");
        try
        {
            return new PartFile(
                path,
                key,
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
            return new PartFile(path, key, Stream: null, e);
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
            return new PartFile(path, Key, Stream: null, e);
        }
    }

    /// <summary>It was not needed.</summary>
    public void Discard()
    {
        Stream?.Dispose();
        SpoolStore.Discard(Path);
    }
}
