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

    /// <summary>The file is there when it is whole, or not at all.</summary>
    public static async Task WriteAsync(string path, Func<string, Task> write)
    {
        var part = path + ".part";
        try
        {
            await write(part);
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
