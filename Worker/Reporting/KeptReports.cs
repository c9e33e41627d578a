using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HSENet.Worker.Configuration;
using HSENet.Worker.Ingest;

namespace HSENet.Worker.Reporting;

/// <summary>
/// The bytes of reports in the spool: <c>reports/SERIES/UID.dcm</c> with <c>UID.json</c>, and the same JSON once more as <c>reported/SERIES/UID.json</c>, so that the loss of the
/// bytes is seen. What was sent in another SR class lies beside it, as <c>UID.OTHER-UID.dcm</c> with its digest (<c>.sha256</c>) in
/// both folders. Written once, before anything is sent, and never replaced; gone with the images. Names are our keys and UIDs that
/// we made.
/// </summary>
internal sealed class KeptReports(WorkerSettings settings)
{
    private const string Digest = "sha256";

    private readonly string _reports = Path.Combine(settings.Data.Directory, "spool", "reports");
    private readonly string _notes = Path.Combine(settings.Data.Directory, "spool", "reported");
    private readonly Lock _writing = new();

    /// <summary>Returns when all of it is durable. What is there already stays as it is.</summary>
    public void Keep(KeptReport report, byte[] document)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(report);
        lock (_writing)
        {
            Write(_reports, report.SeriesKey, report.SopInstanceUid, ("dcm", document), ("json", json));
            Write(_notes, report.SeriesKey, report.SopInstanceUid, ("json", json));
        }
    }

    /// <summary>The same of a report in another SR class.</summary>
    /// <param name="seriesKey">The series.</param>
    /// <param name="reportUid">SOP Instance UID of the report as Basic Text SR.</param>
    /// <param name="uid">Its own.</param>
    /// <param name="document">Its Part 10 file.</param>
    public void KeepRendering(Guid seriesKey, string reportUid, string uid, byte[] document)
    {
        var name = $"{reportUid}.{uid}";
        var digest = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(document)));
        lock (_writing)
        {
            Write(_reports, seriesKey, name, ("dcm", document), (Digest, digest));
            Write(_notes, seriesKey, name, (Digest, digest));
        }
    }

    /// <returns>Its bytes, null when they are gone or not what was kept; and their SHA-256, null when there never were any.</returns>
    public (byte[]? Document, string? Sha256) FindRendering(Guid seriesKey, string reportUid, string uid)
    {
        var name = $"{reportUid}.{uid}";
        if ((TryReadFile(_notes, seriesKey, $"{name}.{Digest}") ?? TryReadFile(_reports, seriesKey, $"{name}.{Digest}")) is not { } digest)
        {
            return (null, null);
        }

        var sha256 = Encoding.ASCII.GetString(digest);
        var document = TryReadFile(_reports, seriesKey, $"{name}.dcm");
        return (document is not null && Convert.ToHexStringLower(SHA256.HashData(document)) == sha256 ? document : null, sha256);
    }

    /// <summary>A file that cannot be read is as good as gone: it must not keep every other report of a destination back.</summary>
    private static byte[]? TryReadFile(string root, Guid seriesKey, string name)
    {
        try
        {
            return ReadFile(root, seriesKey, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The report of a content and route, whichever model wrote it: one whose bytes are here before one whose are lost, of several the newest.</summary>
    /// <returns>Null: none is known of.</returns>
    public KeptReport? Find(Guid seriesKey, string contentHash, string route) =>
        OfRoute(seriesKey, route)
            .Where(r => r.ContentHash == contentHash)
            .Select(r => r with { Document = ReadDocument(r) })
            .OrderByDescending(r => r.Document is not null)
            .ThenByDescending(r => r.CreatedAt)
            .FirstOrDefault();

    /// <summary>
    /// The newest report, whose bytes are here, of a volume of the same HU from images whose headers say the same: however they were
    /// compressed, which the content hash does not see through.
    /// </summary>
    public KeptReport? FindSame(Guid seriesKey, string route, InputDigests digests) =>
        OfRoute(seriesKey, route)
            .Where(r => r.Digests == digests)
            .OrderByDescending(r => r.CreatedAt)
            .Select(r => r with { Document = ReadDocument(r) })
            .FirstOrDefault(r => r.Document is not null);

    /// <summary>
    /// Whether another content of the same images was reported after this one: the header was corrected since, and where this content counts
    /// again it needs a report that is newer. One of more or fewer images is no such thing.
    /// </summary>
    public bool IsFollowed(KeptReport report)
    {
        var reports = OfRoute(report.SeriesKey, report.Route).ToList();
        var newest = reports.Where(r => r.ContentHash == report.ContentHash).Max(r => r.CreatedAt);
        return report.ImagesDigest is { } images
            && reports.Any(r => r.ContentHash != report.ContentHash && r.CreatedAt > newest && r.ImagesDigest == images);
    }

    /// <summary>The newest report of what a series was before it changed.</summary>
    /// <returns>Null: none is known of.</returns>
    public KeptReport? FindEarlier(Guid seriesKey, string contentHash, string route) =>
        OfRoute(seriesKey, route).Where(r => r.ContentHash != contentHash).MaxBy(r => r.CreatedAt) is { } earlier
            ? earlier with { Document = ReadDocument(earlier) }
            : null;

    /// <summary>Series of which reports are kept.</summary>
    public IEnumerable<Guid> Series() =>
        Folders(_reports).Concat(Folders(_notes)).Select(d => Guid.TryParseExact(Path.GetFileName(d), "N", out var key) ? key : Guid.Empty).Where(k => k != Guid.Empty).Distinct();

    /// <summary>Deletes the reports of a series whose images are gone.</summary>
    /// <returns>Nothing is left.</returns>
    public bool Remove(Guid seriesKey) => IsGone(FolderOf(_reports, seriesKey)) & IsGone(FolderOf(_notes, seriesKey));

    /// <summary>Deletes one report: nobody got it, and nobody is to get it.</summary>
    /// <exception cref="IOException">The spool does not let go of it.</exception>
    public void Remove(Guid seriesKey, string sopInstanceUid)
    {
        lock (_writing)
        {
            // what is known of the bytes before the bytes
            foreach (var folder in ((string[])[FolderOf(_notes, seriesKey), FolderOf(_reports, seriesKey)]).Where(Directory.Exists))
            {
                var files = Directory.GetFiles(folder, $"{sopInstanceUid}.*");
                foreach (var file in files.OrderBy(f => f.EndsWith(".dcm", StringComparison.Ordinal)))
                {
                    File.Delete(file);
                }
            }
        }
    }

    private static bool IsGone(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
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

    private static string FolderOf(string root, Guid seriesKey) => Path.Combine(root, seriesKey.ToString("N"));

    private static string[] Folders(string root) => Directory.Exists(root) ? Directory.GetDirectories(root) : [];

    private static string[] Notes(string root, Guid seriesKey)
    {
        var folder = FolderOf(root, seriesKey);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
    }

    private IEnumerable<KeptReport> OfRoute(Guid seriesKey, string route) =>
        Notes(_notes, seriesKey).Concat(Notes(_reports, seriesKey)).Select(Read).OfType<KeptReport>().Where(r => r.Route == route).DistinctBy(r => r.SopInstanceUid);

    private static KeptReport? Read(string note)
    {
        try
        {
            return JsonSerializer.Deserialize<KeptReport>(File.ReadAllBytes(note));
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private byte[]? ReadDocument(KeptReport report)
    {
        var document = ReadFile(_reports, report.SeriesKey, $"{report.SopInstanceUid}.dcm");
        return document is not null && Convert.ToHexStringLower(SHA256.HashData(document)) == report.Sha256 ? document : null;
    }

    private static byte[]? ReadFile(string root, Guid seriesKey, string name)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(FolderOf(root, seriesKey), name));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void Write(string root, Guid seriesKey, string name, params (string Extension, byte[] Bytes)[] files)
    {
        var folder = FolderOf(root, seriesKey);
        if (!Directory.Exists(folder))
        {
            MakeFolder(root);
            MakeFolder(folder);
        }

        foreach (var (extension, bytes) in files)
        {
            Write(Path.Combine(folder, $"{name}.{extension}"), bytes);
        }

        DiskSync.FlushDirectory(folder);
    }

    private static void MakeFolder(string folder)
    {
#pragma warning disable CA1416 // the service runs on Linux
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        DiskSync.FlushDirectory(Path.GetDirectoryName(folder)!);
    }

    /// <summary>Whole or not at all; the folder is still to be synced.</summary>
    private static void Write(string path, byte[] bytes)
    {
        if (File.Exists(path))
        {
            return;
        }

        var draft = path + ".new";
        File.WriteAllBytes(draft, bytes);
        DiskSync.FlushFile(draft);
        File.Move(draft, path, overwrite: false);
    }
}
