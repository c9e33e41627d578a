using HSENet.Dicom.Files;

namespace HSENet.Worker.Ingest;

/// <summary>
/// Makes spool and ledger agree at start. A part with a row gets its place when it is whole; when it is not, nobody was told of it, and the row is taken back, as is the last
/// row of an association that was under way when its file is nowhere. Parts without a row were never acknowledged and are removed. A file in place without a row (a crash between rename and commit, or a ledger restored from a backup) is indexed, because it may be all that is left of an acknowledged instance;
/// if it was not acknowledged the sender's repetition counts as a duplicate. All that only in the spool that the database knows: see <see cref="SpoolClaim"/>.
/// </summary>
internal sealed class SpoolReconciler(
    SpoolStore spool,
    SpoolClaim claim,
    InstanceLedger ledger,
    InstanceMeeting meeting,
    Quarantine quarantine,
    UnfinishedStore unfinished,
    AssociationStore associations,
    ILogger<SpoolReconciler> log)
{
    private const int BatchSize = 1000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var parts = spool.Open();
        if (await claim.EnsureAsync(spool, cancellationToken) == TurnStanding.DatabaseIsOlder)
        {
            IngestLog.DatabaseIsOlder(log);
        }

        var (removed, placed, takenBack) = await SettlePartsAsync(parts, cancellationToken);
        takenBack += await TakeBackMissingAsync(cancellationToken);
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

        IngestLog.SpoolReconciled(log, removed, placed, takenBack, indexed, duplicates, quarantined, abandoned);
    }

    private async Task<(int Removed, int Placed, int TakenBack)> SettlePartsAsync(IReadOnlyList<string> parts, CancellationToken cancellationToken)
    {
        var (removed, placed, takenBack) = (0, 0, 0);
        foreach (var batch in parts.Chunk(BatchSize))
        {
            var keys = batch.ToDictionary(part => part, part => Guid.TryParseExact(Path.GetFileNameWithoutExtension(part), "N", out var key) ? key : Guid.Empty);
            var rows = await unfinished.RowsAsync(keys.Values, cancellationToken);
            foreach (var (part, key) in keys)
            {
                if (rows.TryGetValue(key, out var row) && !File.Exists(spool.PathOf(row.SeriesKey, key)))
                {
                    if (TryPlace(part, row) is not { } isPlaced)
                    {
                        continue;
                    }

                    if (isPlaced)
                    {
                        placed++;
                        continue;
                    }

                    takenBack += await unfinished.TryTakeBackAsync(row, cancellationToken) ? 1 : 0;
                }

                SpoolStore.Discard(part);
                removed++;
            }
        }

        return (removed, placed, takenBack);
    }

    /// <returns>False when the part is not what its row tells of; null when the storage failed.</returns>
    private bool? TryPlace(string part, UnfinishedRow row)
    {
        try
        {
            if (row.Digest is { } digest && !IsWhole(part, digest))
            {
                return false;
            }

            DiskSync.FlushFile(part);
            spool.Place(part, row.SeriesKey, row.InstanceKey);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            IngestLog.SpoolFileUnread(log, e.GetType().Name, row.InstanceKey);
            return null;
        }
    }

    private static bool IsWhole(string part, byte[] digest) =>
        Part10Scan.Scan(part) is ScanResult.Sound { Header.DataSetOffset: var offset } && SpoolStore.Digest(part, offset).AsSpan().SequenceEqual(digest);

    /// <summary>After the parts have got their places.</summary>
    private async Task<int> TakeBackMissingAsync(CancellationToken cancellationToken)
    {
        var takenBack = 0;
        foreach (var row in await unfinished.LastAsync(spool.HostId, cancellationToken))
        {
            if (spool.IsMissing(row.SeriesKey, row.InstanceKey) && await unfinished.TryTakeBackAsync(row, cancellationToken))
            {
                takenBack++;
            }
        }

        return takenBack;
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

        var look = PartLook.At(path);
        if (look.Scan is not ScanResult.Sound { Header: var header })
        {
            return await QuarantineAsync(path, ((ScanResult.Refused)look.Scan).Code, cancellationToken);
        }

        var instance = new StoredInstance
        {
            InstanceKey = instanceKey,
            SeriesKey = StoredInstance.KeyOfSeries(header.StudyInstanceUid, header.SeriesInstanceUid),
            AssociationId = null,
            SourceAe = "",
            Header = header,
            Digest = look.Digest,
            HeadDigest = look.HeadDigest,
            Meaning = look.Meaning,
            LengthBytes = new FileInfo(path).Length,
        };
        if (!string.Equals(path, spool.PathOf(instance.SeriesKey, instanceKey), StringComparison.Ordinal))
        {
            return await QuarantineAsync(path, "spool.misplaced", cancellationToken);
        }

        while (await ledger.AddAsync(instance, cancellationToken) == LedgerOutcome.Exists)
        {
            if (await ledger.FindAsync(instance.SeriesKey, header.SopInstanceUid, cancellationToken) is { } known
                && await meeting.MeetAsync(instance, known, path, cancellationToken) is { } outcome)
            {
                return outcome is MeetingOutcome.Conflict ? Fate.Quarantined : File.Exists(path) ? Fate.Indexed : Fate.Duplicate;
            }
        }

        return Fate.Indexed;
    }

    /// <summary>It may be all that is left of something acknowledged: the audit tells where it went.</summary>
    private async Task<Fate> QuarantineAsync(string path, string code, CancellationToken cancellationToken)
    {
        var kept = await quarantine.KeepAsync(path, new QuarantineEntry { Reason = code, ContentDigest = SpoolStore.Digest(path, 0) }, cancellationToken);
        await associations.RecordLostInstanceAsync(code, kept.Name, cancellationToken);
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
