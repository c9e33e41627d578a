using HSENet.Worker.Ingest;
using HSENet.Worker.Observability;
using HSENet.Worker.Reporting;

namespace HSENet.Worker.Retention;

/// <summary>
/// Deletes received files that are older than <c>Spool:Retention</c> and whose study is finished: rows first, files then, so that a crash leaves files that
/// the next run deletes, and never a row without its file.
/// </summary>
internal sealed partial class SpoolRetention(RetentionStore store, SpoolStore spool, KeptReports reports, ILogger<SpoolRetention> log)
{
    /// <returns>Number of series and of files that were deleted.</returns>
    public async Task<(int SeriesCount, int FileCount)> RunAsync(CancellationToken cancellationToken)
    {
        var (seriesCount, fileCount) = (0, 0);
        foreach (var left in (await store.LeftAsync(spool.HostId, cancellationToken)).GroupBy(f => f.SeriesKey, f => f.InstanceKey))
        {
            fileCount += await DeleteAsync(left.Key, [.. left], cancellationToken);
        }

        var (closedAt, seriesKey) = (DateTime.UnixEpoch, Guid.Empty);
        while (await store.PageAsync(closedAt, seriesKey, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var (_, key) in page)
            {
                var files = await store.TakeOutAsync(key, spool.HostId, cancellationToken);
                if (files.Count > 0)
                {
                    seriesCount++;
                    fileCount += await DeleteAsync(key, files, cancellationToken);
                }
            }

            (closedAt, seriesKey) = page[^1];
        }

        await DeleteReportsAsync(cancellationToken);
        if (fileCount > 0)
        {
            LogDeleted(log, fileCount, seriesCount);
        }

        return (seriesCount, fileCount);
    }

    /// <summary>Copies of reports go with the images, those too of which a crash left nothing else.</summary>
    private async Task DeleteReportsAsync(CancellationToken cancellationToken)
    {
        foreach (var seriesKey in reports.Series())
        {
            if (!spool.HasImages(seriesKey) && !await store.HasInstancesAsync(seriesKey, cancellationToken) && !reports.Remove(seriesKey))
            {
                LogLeft(log, 1, seriesKey);
            }
        }
    }

    private async Task<int> DeleteAsync(Guid seriesKey, IReadOnlyList<Guid> files, CancellationToken cancellationToken)
    {
        var deleted = spool.Remove(seriesKey, files);
        if (deleted.Count < files.Count)
        {
            LogLeft(log, files.Count - deleted.Count, seriesKey);
        }

        await store.ForgetAsync(deleted, cancellationToken);
        return deleted.Count;
    }

    [LoggerMessage(EventIds.SpoolRetained, LogLevel.Information, "{FileCount} files of {SeriesCount} series were older than HSENet:Spool:Retention and are deleted")]
    private static partial void LogDeleted(ILogger log, int fileCount, int seriesCount);

    [LoggerMessage(EventIds.SpoolFolderLeft, LogLevel.Warning, "spool.delete: {FileCount} files of series {SeriesKey} could not be deleted; the next run tries again")]
    private static partial void LogLeft(ILogger log, int fileCount, Guid seriesKey);
}
