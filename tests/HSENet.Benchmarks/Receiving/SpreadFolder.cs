using HSENet.TestKit;

namespace HSENet.Benchmarks.Receiving;

/// <summary>
/// A folder for temporary folders whose files are apart on the disk. When it makes a file, ext4 passes over every inode of its group that was freed in the last minutes, and
/// all temporary folders share a group: what else the machine deletes (a build, the last benchmark) makes a new file cost 15 or 700 microseconds. Below a folder with the flag
/// T each folder gets a group of its own.
/// </summary>
internal sealed class SpreadFolder : IDisposable
{
    private const string Variable = "TMPDIR";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);
    private readonly TempFolder _folder = new("bench");

    private SpreadFolder() => Environment.SetEnvironmentVariable(Variable, _folder.Root);

    /// <summary>Temporary folders are made in here until this is disposed; processes that are started meanwhile make theirs here too.</summary>
    public static async Task<SpreadFolder> UseAsync()
    {
        var folder = new SpreadFolder();
        var flagged = await Dcmtk.RunAsync("chattr", "+T", folder._folder.Root);
        if (flagged.ExitCode != 0)
            Console.Error.WriteLine("chattr +T did not work: what was deleted lately on this disk weighs on the result");
        return folder;
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Dispose();
    }
}
