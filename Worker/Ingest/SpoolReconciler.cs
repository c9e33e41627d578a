using HSENet.Dicom.Files;

namespace HSENet.Worker.Ingest;

/// <summary>
/// Makes spool and ledger agree at start. A part with a row was whole and durable before the row was committed: it gets its place. Parts without a row were never
/// acknowledged and are removed. A file in place without a row (a crash between rename and commit, or a ledger restored from a backup) is indexed, because it may be all that is left of an acknowledged instance;
/// if it was not acknowledged the sender's repetition counts as a duplicate.
/// </summary>
internal sealed class SpoolReconciler(SpoolStore spool, InstanceLedger ledger, AssociationStore associations, ILogger<SpoolReconciler> log)
{
    private const int BatchSize = 1000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (removed, placed) = await SettlePartsAsync(spool.Open(), cancellationToken);
        var abandoned = await associations.CloseAbandonedAsync(spool.HostId, cancellationToken);
        int indexed = 0, duplicates = 0, quarantined = 0;
        foreach (var batch in spool.FilesInPlace().Chunk(BatchSize))
        {
            var known = await ledger.SeriesOfAsync([.. batch.Select(f => f.InstanceKey).OfType<Guid>()], cancellationToken);
            foreach (var (path, key) in batch)
            {
                if (key is { } instanceKey && known.ContainsKey(instanceKey))
                {
                    continue;
                }

                switch (await TryIndexAsync(path, key, cancellationToken))
                {
                    case Fate.Unread:
                        break;
                    case Fate.Indexed:
                        indexed++;
                        break;
                    case Fate.Duplicate:
                        duplicates++;
                        break;
                    default:
                        quarantined++;
                        break;
                }
            }
        }

        IngestLog.SpoolReconciled(log, removed, placed, indexed, duplicates, quarantined, abandoned);
    }

    private async Task<(int Removed, int Placed)> SettlePartsAsync(IReadOnlyList<string> parts, CancellationToken cancellationToken)
    {
        var (removed, placed) = (0, 0);
        foreach (var batch in parts.Chunk(BatchSize))
        {
            var keys = batch.ToDictionary(part => part, part => Guid.TryParseExact(Path.GetFileNameWithoutExtension(part), "N", out var key) ? key : Guid.Empty);
            var series = await ledger.SeriesOfAsync(keys.Values, cancellationToken);
            foreach (var (part, key) in keys)
            {
                if (!series.TryGetValue(key, out var seriesKey))
                {
                    SpoolStore.Discard(part);
                    removed++;
                }
                else if (TryPlace(part, seriesKey, key))
                {
                    placed++;
                }
            }
        }

        return (removed, placed);
    }

    /// <summary>Over whatever is there: the part is what its row tells of.</summary>
    private bool TryPlace(string part, Guid seriesKey, Guid key)
    {
        try
        {
            spool.Place(part, seriesKey, key);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            IngestLog.SpoolFileUnread(log, e.GetType().Name, key);
            return false;
        }
    }

    private async Task<Fate> TryIndexAsync(string path, Guid? key, CancellationToken cancellationToken)
    {
        try
        {
            return await IndexAsync(path, key, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            IngestLog.SpoolFileUnread(log, e.GetType().Name, key);
            return Fate.Unread;
        }
    }

    private async Task<Fate> IndexAsync(string path, Guid? key, CancellationToken cancellationToken)
    {
        if (key is not { } instanceKey)
        {
            return await QuarantineAsync(path, "spool.foreign-name", cancellationToken);
        }

        var scan = Part10Scan.Scan(path);
        if (scan is not ScanResult.Sound { Header: var header })
        {
            return await QuarantineAsync(path, ((ScanResult.Refused)scan).Code, cancellationToken);
        }

        var instance = new StoredInstance
        {
            InstanceKey = instanceKey,
            SeriesKey = StoredInstance.KeyOfSeries(header.StudyInstanceUid, header.SeriesInstanceUid),
            AssociationId = null,
            SourceAe = "",
            Header = header,
            Digest = SpoolStore.Digest(path, header.DataSetOffset),
            LengthBytes = new FileInfo(path).Length,
        };
        if (!string.Equals(path, spool.PathOf(instance.SeriesKey, instanceKey), StringComparison.Ordinal))
        {
            return await QuarantineAsync(path, "spool.misplaced", cancellationToken);
        }

        if (await ledger.AddAsync(instance, cancellationToken) != LedgerOutcome.Exists)
        {
            return Fate.Indexed;
        }

        var known = await ledger.FindAsync(instance.SeriesKey, header.SopInstanceUid, cancellationToken);
        var isSame = known is not null && known.Digest.AsSpan().SequenceEqual(instance.Digest);
        if (isSame && File.Exists(spool.PathOf(instance.SeriesKey, known!.InstanceKey)))
        {
            SpoolStore.Discard(path);
            return Fate.Duplicate;
        }

        if (isSame)
        {
            spool.Place(path, instance.SeriesKey, known!.InstanceKey);
            return Fate.Indexed;
        }

        var name = spool.Quarantine(path);
        await ledger.RecordConflictAsync(instance, name, cancellationToken);
        return Fate.Quarantined;
    }

    /// <summary>It may be all that is left of something acknowledged: the audit tells where it went.</summary>
    private async Task<Fate> QuarantineAsync(string path, string code, CancellationToken cancellationToken)
    {
        await associations.RecordLostInstanceAsync(code, spool.Quarantine(path), cancellationToken);
        return Fate.Quarantined;
    }

    private enum Fate
    {
        Indexed,
        Duplicate,
        Quarantined,

        /// <summary>The storage failed: it stays where it is, and the next start looks again.</summary>
        Unread,
    }
}
