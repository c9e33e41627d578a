using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using HSENet.Worker.Configuration;
using Microsoft.Win32.SafeHandles;

namespace HSENet.Worker.Ingest;

/// <summary>
/// The spool: <c>ready/*.part</c> (empty, made ahead of need), <c>incoming/*.part</c> (not acknowledged), <c>series/KEY/KEY.dcm</c>,
/// <c>quarantine/KEY.dcm</c>. Names are our keys, never text that a peer sent. One gateway process for each data directory, held by a lock file.
/// </summary>
internal sealed class SpoolStore : IDisposable
{
    private const int PieceBytes = 128 << 10;
    private const int LockTries = 5;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _root;
    private readonly string _ready;
    private readonly string _incoming;
    private readonly string _series;
    private readonly string _quarantine;
    private readonly IFreeSpace _freeSpace;
    private readonly long _minimumFreeBytes;
    private readonly ConcurrentDictionary<Guid, bool> _durableFolders = new();
    private FileStream? _lock;

    public SpoolStore(WorkerSettings settings, IFreeSpace freeSpace)
    {
        _root = Path.Combine(settings.Data.Directory, "spool");
        _ready = Path.Combine(_root, "ready");
        _incoming = Path.Combine(_root, "incoming");
        _series = Path.Combine(_root, "series");
        _quarantine = Path.Combine(_root, "quarantine");
        _freeSpace = freeSpace;
        _minimumFreeBytes = settings.Spool.MinimumFreeSpace.Bytes;
    }

    /// <summary>Where bytes are kept that must not enter a series.</summary>
    public string QuarantineDirectory => _quarantine;

    /// <summary>Identity of this spool, kept in a file of it: whose associations and files these are.</summary>
    public string HostId { get; private set; } = "";

    /// <summary>Identity of the installation whose spool this is, kept in a file of it; null in a spool that no database has claimed yet.</summary>
    public Guid? DeploymentId => ReadId(Path.Combine(_root, "deployment"));

    /// <summary>True when less than the minimum is free (or the file system does not answer).</summary>
    public bool IsShort
    {
        get
        {
            try
            {
                return _freeSpace.AvailableBytes(_root) < _minimumFreeBytes;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return true;
            }
        }
    }

    /// <summary>Makes the folders and takes the lock.</summary>
    /// <returns>The parts that were under way when the last process ended.</returns>
    /// <exception cref="WorkerException"><c>spool.locked</c> or <c>spool.directory</c>.</exception>
    public IReadOnlyList<string> Open()
    {
        try
        {
            foreach (var directory in (string[])[_root, _ready, _incoming, _series, _quarantine])
            {
                CreateDirectory(directory);
            }

            _lock = Lock(Path.Combine(_root, "lock"));
            HostId = ReadHostId(Path.Combine(_root, "id"));
            foreach (var empty in Directory.GetFiles(_ready))
            {
                File.Delete(empty);
            }

            DiskSync.FlushDirectory(_root);
            DiskSync.FlushDirectory(Path.GetDirectoryName(_root)!);
            return Directory.GetFiles(_incoming, "*" + PartFile.Extension);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkerException("spool.directory", $"{_root}: {e.Message}", e);
        }
    }

    /// <summary>Where it is.</summary>
    public string Root => _root;

    /// <summary>Tells its folder from a copy of it.</summary>
    public string Identity => FileIdentity.Of(Path.Combine(_root, "lock"));

    /// <summary>The last start of a gateway on it, kept in a file of it; null before the first.</summary>
    public SpoolTurn? Turn => File.Exists(Path.Combine(_root, "turn")) ? SpoolTurn.Parse(File.ReadAllText(Path.Combine(_root, "turn"))) : null;

    /// <summary>Returns when it is durable.</summary>
    public void SetTurn(SpoolTurn turn) => WriteText(Path.Combine(_root, "turn"), turn.ToString());

    /// <summary>Once for each spool; returns when it is durable.</summary>
    public void SetDeploymentId(Guid id) => WriteId(Path.Combine(_root, "deployment"), id);

    /// <summary>A new file for an instance that arrives.</summary>
    public PartFile NewPart() => PartFile.Create(_incoming, Guid.CreateVersion7());

    /// <summary>An empty file ahead of need.</summary>
    public PartFile MakeReady() => PartFile.Create(_ready, Guid.CreateVersion7());

    /// <summary>Takes a file that was made ahead for an instance that arrives.</summary>
    public PartFile Take(PartFile ready) => ready.MoveTo(Path.Combine(_incoming, Path.GetFileName(ready.Path)));

    /// <summary>Where an instance is kept.</summary>
    public string PathOf(Guid seriesKey, Guid instanceKey) => Path.Combine(_series, seriesKey.ToString("N"), $"{instanceKey:N}.dcm");

    /// <summary>Renames a durable part into its place; returns when the name is durable too.</summary>
    public void Place(string part, Guid seriesKey, Guid instanceKey)
    {
        var target = PathOf(seriesKey, instanceKey);
        var directory = Path.GetDirectoryName(target)!;
        if (!_durableFolders.ContainsKey(seriesKey))
        {
            MakeFolder(directory, seriesKey);
        }

        // the folder it comes from is not synced: a part that reappears after a crash is removed at the start
        try
        {
            File.Move(part, target, overwrite: true);
        }
        catch (DirectoryNotFoundException)
        {
            // retention has just taken the empty folder away
            MakeFolder(directory, seriesKey);
            File.Move(part, target, overwrite: true);
        }

        DiskSync.FlushDirectory(directory);
    }

    /// <summary>True when the instance has neither its place nor a part; a spool that does not answer tells nothing.</summary>
    public bool IsMissing(Guid seriesKey, Guid instanceKey)
    {
        // its place is looked at again: it may have come from the part between two looks
        var place = PathOf(seriesKey, instanceKey);
        return Directory.Exists(_series) && !File.Exists(place) && !File.Exists(Path.Combine(_incoming, $"{instanceKey:N}{PartFile.Extension}")) && !File.Exists(place);
    }

    /// <summary>Deletes files of a series, and its folder when nothing is left in it.</summary>
    /// <returns>The keys of those that are gone.</returns>
    public IReadOnlyList<Guid> Remove(Guid seriesKey, IReadOnlyList<Guid> instanceKeys)
    {
        var gone = instanceKeys.Where(key => IsGone(PathOf(seriesKey, key))).ToList();
        var directory = Path.Combine(_series, seriesKey.ToString("N"));
        try
        {
            // forgotten first: whoever comes between makes the folder again
            _durableFolders.TryRemove(seriesKey, out _);
            Directory.Delete(directory, recursive: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // others are in it, or it is gone already
        }

        return gone;
    }

    /// <summary>Whether anything of a series is in its place.</summary>
    public bool HasImages(Guid seriesKey)
    {
        var directory = Path.Combine(_series, seriesKey.ToString("N"));
        return Directory.Exists(directory) && Directory.EnumerateFiles(directory, "*.dcm").Any();
    }

    /// <summary>Keeps bytes that must not enter a series, for an operator (<see cref="Ingest.Quarantine"/>).</summary>
    /// <returns>Name inside the quarantine.</returns>
    public string Quarantine(string file, DateTime now)
    {
        var name = $"{Guid.NewGuid():N}.dcm";
        var kept = Path.Combine(_quarantine, name);
        File.Move(file, kept);
        File.SetLastWriteTimeUtc(kept, now);     // its time in the quarantine begins
        DiskSync.FlushDirectory(_quarantine);
        return name;
    }

    /// <summary>Removes a file that was not acknowledged.</summary>
    public static void Discard(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a part that stays is removed at the next start
        }
    }

    /// <summary>Files in place, with the keys that their names tell; null keys for foreign names.</summary>
    public IEnumerable<(string Path, Guid? InstanceKey)> FilesInPlace()
    {
        foreach (var path in Directory.EnumerateFiles(_series, "*.dcm", SearchOption.AllDirectories))
        {
            yield return (path, Guid.TryParseExact(Path.GetFileNameWithoutExtension(path), "N", out var key) ? key : null);
        }
    }

    /// <summary>SHA-256 of the bytes from the offset on.</summary>
    public static byte[] Digest(string path, long offset)
    {
        using var file = File.OpenHandle(path);
        return Digest(file, offset);
    }

    /// <summary>SHA-256 of the bytes from the offset on.</summary>
    public static byte[] Digest(SafeFileHandle file, long offset)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (RandomAccess.Read(file, piece, offset) is > 0 and var read)
            {
                hash.AppendData(piece, 0, read);
                offset += read;
            }

            return hash.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    public void Dispose() => _lock?.Dispose();

    private static bool IsGone(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whoever made the folder: its entry is durable before anything in it is acknowledged.</summary>
    private void MakeFolder(string directory, Guid seriesKey)
    {
        CreateDirectory(directory);
        DiskSync.FlushDirectory(_series);
        _durableFolders.TryAdd(seriesKey, true);
    }

    private static void CreateDirectory(string path)
    {
#pragma warning disable CA1416 // the service runs on Linux
        Directory.CreateDirectory(path, Private);
#pragma warning restore CA1416
    }

    /// <summary><c>check</c> holds it for an instant where a port of the gateway is taken, to see by whom: tried a few times.</summary>
    private static FileStream Lock(string path)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (tries == LockTries)
            {
                throw new WorkerException("spool.locked", $"{path} is held by another process: one gateway for each data directory", e);
            }
            catch (IOException)
            {
                SpinWait.SpinUntil(static () => false, LockPause);
            }
        }
    }

    /// <summary>Made the first time; whole and durable before anybody is told of it, for the database remembers it.</summary>
    private static string ReadHostId(string path)
    {
        if (ReadId(path) is { } known)
        {
            return known.ToString("N");
        }

        var id = Guid.NewGuid();
        WriteId(path, id);
        return id.ToString("N");
    }

    private static Guid? ReadId(string path) => File.Exists(path) && Guid.TryParseExact(File.ReadAllText(path).Trim(), "N", out var id) ? id : null;

    private static void WriteId(string path, Guid id) => WriteText(path, id.ToString("N"));

    private static void WriteText(string path, string text)
    {
        var draft = path + ".new";
        File.WriteAllText(draft, text);
        DiskSync.FlushFile(draft);
        File.Move(draft, path, overwrite: true);
        DiskSync.FlushDirectory(Path.GetDirectoryName(path)!);
    }
}
