namespace HSENet.Worker.Commands;

/// <summary>The files that a command writes: checked and cleared before minutes of work, not after.</summary>
internal static class OutputFiles
{
    /// <summary>Removes what an earlier run left there: an old report must not stand beside a new refusal.</summary>
    /// <exception cref="WorkerException"><c>output.folder</c> or <c>output.file</c>.</exception>
    /// <exception cref="UsageException">Both outputs are the same file.</exception>
    public static void Prepare(string inputDirectory, params string?[] outputs)
    {
        var files = outputs.OfType<string>().Select(Path.GetFullPath).ToList();
        if (files.Distinct(StringComparer.Ordinal).Count() != files.Count)
        {
            throw new UsageException("--out and --json name the same file");
        }

        var input = Path.GetFullPath(inputDirectory).TrimEnd('/') + '/';
        foreach (var file in files)
        {
            if (!Directory.Exists(Path.GetDirectoryName(file)))
            {
                throw new WorkerException("output.folder", $"there is no folder for {file}");
            }

            if (Directory.Exists(file))
            {
                throw new WorkerException("output.file", $"{file} is a folder");
            }

            if (File.Exists(file) && file.StartsWith(input, StringComparison.Ordinal))
            {
                throw new WorkerException("output.file", $"{file} is there already, in the folder that is read");
            }
        }

        files.ForEach(File.Delete);
    }

    /// <summary>The files are there when all of them are whole, or none is. Up to the moment at which they get their names it may be cancelled.</summary>
    /// <param name="files">Where, and what writes it; without a path nothing is written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task WriteAsync(IEnumerable<(string? Path, Func<string, Task> Write)> files, CancellationToken cancellationToken)
    {
        var wanted = files.Where(file => file.Path is not null).Select(file => (Path: file.Path!, file.Write)).ToList();
        try
        {
            foreach (var (path, write) in wanted)
            {
                await write(Part(path));
            }

            cancellationToken.ThrowIfCancellationRequested();
            foreach (var (path, _) in wanted)
            {
                File.Move(Part(path), path, overwrite: true);
            }
        }
        catch
        {
            DeleteParts(wanted.Select(file => file.Path));
            throw;
        }
    }

    /// <summary>Readable by its owner only: it tells of a patient.</summary>
    public static async Task WritePartAsync(string part, byte[] content)
    {
#pragma warning disable CA1416 // the program runs on Linux
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
#pragma warning restore CA1416
        await using var file = new FileStream(part, options);
        await file.WriteAsync(content);
    }

    /// <summary>What was begun and is left behind: its writer waits for a file system that does not answer.</summary>
    public static void DeleteParts(IEnumerable<string?> outputs)
    {
        foreach (var path in outputs.OfType<string>())
        {
            File.Delete(Part(path));
        }
    }

    private static string Part(string path) => path + ".part";
}
