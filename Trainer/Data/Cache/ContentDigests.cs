using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HSENet.Trainer.Data.Cache;

/// <summary>
/// SHA-256 of what a file or a folder holds. Terabytes are not read again at each start: a digest is remembered with the names, lengths and times
/// of change of its files, and is made anew when one of them differs.
/// </summary>
internal sealed class ContentDigests : IDisposable
{
    private readonly ConcurrentDictionary<string, (string Stamp, string Digest)> _known = new(StringComparer.Ordinal);
    private readonly StreamWriter _file;

    /// <param name="directory">Where the remembered digests are; made if need be.</param>
    public ContentDigests(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, "digests.tsv");
        if (File.Exists(path))
        {
            foreach (var line in File.ReadLines(path))
            {
                if (line.Split('\t') is [var name, var stamp, { Length: 64 } digest] && digest.All(char.IsAsciiHexDigitLower))
                {
                    _known[name] = (stamp, digest);
                }
            }
        }

        _file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true, NewLine = "\n" };
        _file.WriteLine();   // ends a line that a crash left open
    }

    /// <param name="path">A file, or a folder with what is below it.</param>
    /// <param name="readAgain">Does not trust what is remembered.</param>
    /// <exception cref="TrainerException"><c>data.missing</c>; <c>data.unreadable</c>: a file cannot be read.</exception>
    public string Of(string path, bool readAgain)
    {
        var files = Files(path);
        var stamp = Hash(files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(path, file.FullName)}|{file.Length}|{file.LastWriteTimeUtc.Ticks}")));
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
        if (!readAgain && _known.TryGetValue(name, out var known) && known.Stamp == stamp)
        {
            return known.Digest;
        }

        var digest = Hash(files.Select(file => $"{Path.GetRelativePath(path, file.FullName)}|{OfFile(file.FullName)}"));
        _known[name] = (stamp, digest);
        lock (_file)
        {
            _file.WriteLine($"{name}\t{stamp}\t{digest}");
        }

        return digest;
    }

    public void Dispose() => _file.Dispose();

    private static List<FileInfo> Files(string path)
    {
        try
        {
            return Directory.Exists(path) ? [.. Directory.GetFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => new FileInfo(file))]
                : File.Exists(path) ? [new FileInfo(path)]
                : throw new TrainerException("data.missing", $"there is no volume {path}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException("data.unreadable", e.Message);
        }
    }

    private static string OfFile(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainerException("data.unreadable", e.Message);
        }
    }

    private static string Hash(IEnumerable<string> lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
}
