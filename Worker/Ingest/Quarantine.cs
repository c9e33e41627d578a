using HSENet.Worker.Audit;
using HSENet.Worker.Configuration;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Ingest;

/// <summary>
/// Keeps apart what must not enter a series, for an operator: the same content once, no longer than <c>Quarantine:Retention</c>, and no more than
/// <c>Quarantine:MaximumSize</c>, nor more files than that has room for at 16 KiB each; the oldest make way.
/// </summary>
internal sealed partial class Quarantine(SpoolStore spool, QuarantineStore rows, WorkerSettings settings, TimeProvider time, ILogger<Quarantine> log) : IDisposable
{
    private const long SmallFile = 16 << 10;
    private const long FewFiles = 100;

    /// <summary>Of the room, left free by what makes way: whoever fills it does not have all files looked at for each of his.</summary>
    private const int Slack = 16;

    private readonly QuarantineFolder _folder = new(spool.QuarantineDirectory);
    private readonly SemaphoreSlim _one = new(1);
    private readonly TroubleFlag _full = new();
    private (int Count, long Bytes)? _held;

    /// <summary>Number of files and their bytes.</summary>
    public (int Count, long Bytes) Held => _held ?? Count();

    private long MostFiles => Math.Max(FewFiles, settings.Quarantine.MaximumSize.Bytes / SmallFile);

    /// <param name="file">A durable file of the spool; moved, or removed when its content is kept already.</param>
    /// <param name="entry">Why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Quarantined> KeepAsync(string file, QuarantineEntry entry, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (await KnownAsync(entry, cancellationToken) is { } known)
            {
                SpoolStore.Discard(file);
                return new Quarantined(known, IsNew: false);
            }

            var lengthBytes = new FileInfo(file).Length;
            var (count, bytes) = Held;
            var name = spool.Quarantine(file, time.GetUtcNow().UtcDateTime);
            _held = (count + 1, bytes + lengthBytes);
            await TryAsync(() => rows.AddAsync(name, spool.HostId, lengthBytes, entry, cancellationToken));
            if (bytes + lengthBytes > settings.Quarantine.MaximumSize.Bytes || count + 1 > MostFiles)
            {
                await TryAsync(() => TrimAsync(cancellationToken));
            }

            return new Quarantined(name, IsNew: true);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Deletes what is older than the retention, and the oldest of what is too much.</summary>
    /// <returns>Number of files that were deleted.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var oldest = time.GetUtcNow().UtcDateTime - settings.Quarantine.Retention;
            var expired = await DeleteAsync(_folder.Files().Where(f => f.KeptAt < oldest), "quarantine.retention", cancellationToken);
            return expired + await TrimAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private (int Count, long Bytes) Count()
    {
        var files = _folder.Files();
        _held = (files.Count, files.Sum(f => f.LengthBytes));
        return _held.Value;
    }

    private async Task<string?> KnownAsync(QuarantineEntry entry, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = [];
        await TryAsync(async () => names = await rows.FindAsync(spool.HostId, entry.ContentDigest, cancellationToken));
        return names.FirstOrDefault(_folder.Contains);
    }

    private async Task<int> TrimAsync(CancellationToken cancellationToken)
    {
        var files = _folder.Files();
        var (most, mostFiles) = (settings.Quarantine.MaximumSize.Bytes, MostFiles);
        var (bytes, count) = (files.Sum(f => f.LengthBytes), files.Count);
        if (bytes > most || count > mostFiles)
        {
            (most, mostFiles) = (most - (most / Slack), mostFiles - (mostFiles / Slack));
        }

        var leaving = files.TakeWhile(f =>
        {
            var isTooMuch = bytes > most || count > mostFiles;
            bytes -= f.LengthBytes;
            count--;
            return isTooMuch;
        }).ToList();
        if (leaving.Count == 0)
        {
            _full.Lower();
        }
        else if (_full.Raise())
        {
            LogFull(log, leaving.Count);
        }

        return await DeleteAsync(leaving, "quarantine.size", cancellationToken);
    }

    private async Task<int> DeleteAsync(IEnumerable<QuarantineFile> files, string reason, CancellationToken cancellationToken)
    {
        var deleted = files.Where(f => _folder.TryDelete(f.Name)).ToList();
        Count();
        if (deleted.Count > 0)
        {
            await rows.ForgetAsync(deleted, AuditEvent.Service, reason, cancellationToken);
        }

        return deleted.Count;
    }

    /// <summary>The file is what counts: what the database cannot be told now is not known of it.</summary>
    private async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
#pragma warning disable CA1031 // the refusal stands, and the file is kept
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            IngestLog.AuditWriteFailed(log, e);
        }
    }

    [LoggerMessage(EventIds.QuarantineFull, LogLevel.Warning,
        "quarantine.size: more than HSENet:Quarantine:MaximumSize was kept apart; {FileCount} of the oldest files were deleted")]
    private static partial void LogFull(ILogger log, int fileCount);
}
