using System.Security.Cryptography;

namespace HSENet.Worker.Configuration;

/// <summary>
/// Where this process's settings come from, to read them again. The files are read whole and looked at by content: a watch of the system misses network file systems and
/// mounted configuration maps, and a file that is half written or gone must never count as one without settings.
/// </summary>
internal sealed class SettingsSource
{
    private readonly string[] _args;
    private readonly string _contentRoot;
    private readonly string[] _files;

    /// <param name="args">Settings of the command line.</param>
    /// <param name="contentRoot">Where relative paths start.</param>
    /// <param name="isIsolated">Only the command line counts, which never changes.</param>
    public SettingsSource(string[] args, string contentRoot, bool isIsolated)
    {
        _args = args;
        _contentRoot = contentRoot;
        _files = isIsolated ? [] : SettingsReader.Files(contentRoot);
        Initial = Fingerprint();
    }

    /// <summary><see cref="Fingerprint"/> from before the settings were first read.</summary>
    public string Initial { get; }

    /// <summary>Another one when a file's content is another one, or the file is gone.</summary>
    public string Fingerprint() => string.Join(' ', _files.Select(f => File.Exists(f) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f))) : "-"));

    /// <param name="before">The fingerprint of what is in force: a file that was there then must be there now.</param>
    /// <exception cref="WorkerException"><c>configuration.invalid</c>.</exception>
    public WorkerSettings Read(string before)
    {
        var were = before.Split(' ');
        for (var i = 0; i < _files.Length; i++)
        {
            if (were[i] != "-" && !File.Exists(_files[i]))
            {
                throw new WorkerException("configuration.invalid", $"{_files[i]} is gone");
            }
        }

        return SettingsReader.Read(_args, _contentRoot);
    }
}
