namespace HSENet.Worker.Ingest;

/// <summary>A file that is kept apart.</summary>
internal sealed record QuarantineFile(string Name, long LengthBytes, DateTime KeptAt);

/// <summary>The files of a quarantine: the truth of what is there, whatever the rows say.</summary>
internal sealed class QuarantineFolder(string directory)
{
    private const string Extension = ".dcm";

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<QuarantineFile> Files()
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        return
        [
            .. new DirectoryInfo(directory).EnumerateFiles("*" + Extension)
                .Select(Look).OfType<QuarantineFile>().OrderBy(f => f.KeptAt).ThenBy(f => f.Name, StringComparer.Ordinal),
        ];
    }

    public bool Contains(string name) => File.Exists(PathOf(name));

    /// <returns>False when it could not be deleted.</returns>
    public bool TryDelete(string name)
    {
        try
        {
            File.Delete(PathOf(name));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is DirectoryNotFoundException;
        }
    }

    public string PathOf(string name) => Path.Combine(directory, name);

    private static QuarantineFile? Look(FileInfo file)
    {
        try
        {
            return new QuarantineFile(file.Name, file.Length, file.LastWriteTimeUtc);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
