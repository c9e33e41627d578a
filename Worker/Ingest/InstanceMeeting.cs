using HSENet.Dicom.Files;
using HSENet.Dicom.Identity;
using HSENet.Worker.Configuration;
using HSENet.Worker.Observability;

namespace HSENet.Worker.Ingest;

/// <summary>What became of an instance whose UID was here already.</summary>
internal abstract record MeetingOutcome
{
    private MeetingOutcome()
    {
    }

    /// <summary>The same is here, or this header is known and does not count.</summary>
    public sealed record Duplicate : MeetingOutcome;

    /// <summary>Its header counts from now on.</summary>
    public sealed record Changed : MeetingOutcome;

    /// <summary>It is kept apart.</summary>
    public sealed record Conflict(string Code) : MeetingOutcome;

    /// <summary>It was not taken: its header does not count, and the file of the one that does is damaged.</summary>
    public sealed record OutOfDate : MeetingOutcome;
}

/// <summary>
/// An instance meets the one of its UID that is here. They are compared by what they say (<see cref="InstanceMeaning"/>): the same is a success, whatever its encoding; the
/// same pixels with another header are what <c>Ingest:ChangedHeader</c> says; other pixels are kept apart. A file that is not what its row says is replaced by one that is.
/// </summary>
internal sealed class InstanceMeeting(
    SpoolStore spool, InstanceLedger ledger, HeaderLedger headers, Quarantine quarantine, WorkerSettings settings, ILogger<InstanceMeeting> log)
{
    /// <summary>Stable code: other content under a UID that is here.</summary>
    public const string ConflictCode = "instance.conflict";

    /// <summary>Stable code: another header, which the settings do not take.</summary>
    public const string RefusedHeaderCode = "instance.header-refused";

    /// <summary>Stable code: a header that does not count came while the file of the one that counts is damaged.</summary>
    public const string OutOfDateCode = "instance.header-out-of-date";

    /// <summary>One comparison at a time in this process: each may hold two files of pixels in memory.</summary>
    private static readonly SemaphoreSlim s_oneComparison = new(1, 1);

    private enum Relation
    {
        Same,
        OtherHeader,
        Other,
    }

    /// <param name="instance">What came.</param>
    /// <param name="known">What is here.</param>
    /// <param name="file">Where the bytes of what came are, durable and in the place of a new instance.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when what is here changed meanwhile: look again.</returns>
    public async Task<MeetingOutcome?> MeetAsync(StoredInstance instance, LedgerEntry known, string file, CancellationToken cancellationToken)
    {
        var kept = spool.PathOf(instance.SeriesKey, known.InstanceKey);
        var state = SpoolFile.Check(kept, known.Facts);
        var meaning = InstanceMeaning.FromBytes(known.Meaning) ?? (state == FileState.Intact ? PartLook.At(kept).Meaning : null);
        if (await HasOtherBytesOnlyAsync(instance, known, meaning, file, state == FileState.Intact ? kept : null, cancellationToken))
        {
            instance = instance with { Meaning = instance.Meaning!.WithPixelsOf(meaning!) };
        }

        return Relate(instance, known, meaning) switch
        {
            Relation.Same => await MeetSameAsync(instance, known, file, state, cancellationToken),
            Relation.OtherHeader => await MeetHeaderAsync(instance, known, Anew(meaning!, state, kept), file, state, cancellationToken),
            _ => await MeetOtherAsync(instance, known, file, state, cancellationToken),
        };
    }

    /// <summary>By the rules of this program: an older one may have counted other attributes as those that a report depends on.</summary>
    private static InstanceMeaning Anew(InstanceMeaning meaning, FileState state, string kept) =>
        state == FileState.Intact ? PartLook.At(kept).Meaning?.WithPixelsOf(meaning) ?? meaning : meaning;

    /// <summary>
    /// Retention may have taken what is here while it was compared, so that a compressed copy of it could not be: then it is
    /// nobody's conflict.
    /// </summary>
    private async Task<MeetingOutcome?> MeetOtherAsync(
        StoredInstance instance, LedgerEntry known, string file, FileState state, CancellationToken cancellationToken) =>
        state != FileState.Intact
        && (await ledger.FindAsync(instance.SeriesKey, instance.Header.SopInstanceUid, cancellationToken))?.InstanceKey != known.InstanceKey
            ? null
            : await KeepApartAsync(instance, file, ConflictCode, cancellationToken);

    /// <summary>The same pixels, compressed without loss or in another way: both files have to be here to be decoded.</summary>
    private static async Task<bool> HasOtherBytesOnlyAsync(
        StoredInstance instance, LedgerEntry known, InstanceMeaning? meaning, string file, string? kept, CancellationToken cancellationToken)
    {
        if (kept is null || meaning is null || instance.Meaning is not { } own || own.Pixels.SequenceEqual(meaning.Pixels)
            || !DecodedPixels.CanTell(instance.Header.TransferSyntaxUid, known.TransferSyntaxUid))
        {
            return false;
        }

        await s_oneComparison.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => DecodedPixels.AreSame(file, kept), cancellationToken);
        }
        finally
        {
            s_oneComparison.Release();
        }
    }

    private static Relation Relate(StoredInstance instance, LedgerEntry known, InstanceMeaning? meaning)
    {
        if (known.Digest.AsSpan().SequenceEqual(instance.Digest) && known.TransferSyntaxUid == instance.Header.TransferSyntaxUid)
        {
            return Relation.Same;
        }

        return meaning is null || instance.Meaning is not { } own || !own.Pixels.SequenceEqual(meaning.Pixels) ? Relation.Other
            : own.Header.SequenceEqual(meaning.Header) ? Relation.Same
            : Relation.OtherHeader;
    }

    private async Task<MeetingOutcome?> MeetSameAsync(
        StoredInstance instance, LedgerEntry known, string file, FileState state, CancellationToken cancellationToken)
    {
        if (await ledger.CountDuplicateAsync(instance.AssociationId, instance.SeriesKey, known.InstanceKey, cancellationToken) is not { } isFormer)
        {
            return null;
        }

        if (isFormer && instance.AssociationId is not null
            && await headers.TakeAgainAsync(instance, settings.Ingest.TakesFormerHeader, cancellationToken))
        {
            IngestLog.SeriesReopened(log, instance.SeriesKey);
        }

        if (state == FileState.Intact)
        {
            SpoolStore.Discard(file);
            return new MeetingOutcome.Duplicate();
        }

        // counted, so retention leaves the row alone while the sender is here; what the row says of it stays, for jobs are made of that
        spool.Place(file, instance.SeriesKey, known.InstanceKey);
        await headers.ReplaceFileAsync(instance with { Meaning = known.Meaning is null ? null : instance.Meaning }, known.InstanceKey, cancellationToken);
        IngestLog.InstanceRestored(log, instance.SeriesKey, known.InstanceKey);
        await ledger.ReviveAsync(instance, cancellationToken);
        return new MeetingOutcome.Duplicate();
    }

    private async Task<MeetingOutcome?> MeetHeaderAsync(
        StoredInstance instance, LedgerEntry known, InstanceMeaning meaning, string file, FileState state, CancellationToken cancellationToken)
    {
        var change = settings.Ingest.OnChangedHeader();
        if (change == ChangedHeader.Refuse)
        {
            return await KeepApartAsync(instance, file, RefusedHeaderCode, cancellationToken);
        }

        // One that was replaced counts again when whoever sent the one in its place sends it: that corrects the correction. From others, as
        // from a scanner that repeats what it has, it does not: two senders with two headers would change the series for ever. What the spool
        // itself holds was the newest before the database was restored.
        var mayReturn = change == ChangedHeader.Take && settings.Ingest.TakesFormerHeader;
        var standing = await headers.StandingAsync(instance, mayReturn, cancellationToken);
        if (change == ChangedHeader.Take
            && (standing != HeaderStanding.DoesNotCount || (instance.AssociationId is null && state != FileState.Intact)))
        {
            return await TakeAsync(instance, known, meaning, standing != HeaderStanding.New, file, state, cancellationToken);
        }

        if (state != FileState.Intact)
        {
            SpoolStore.Discard(file);
            return new MeetingOutcome.OutOfDate();
        }

        if (await ledger.CountDuplicateAsync(instance.AssociationId, instance.SeriesKey, known.InstanceKey, cancellationToken) is null)
        {
            return null;
        }

        if (standing == HeaderStanding.New)
        {
            await headers.KeepBesideAsync(instance, Content(file), cancellationToken);
        }

        SpoolStore.Discard(file);
        return new MeetingOutcome.Duplicate();
    }

    private async Task<MeetingOutcome?> TakeAsync(
        StoredInstance instance, LedgerEntry known, InstanceMeaning meaning, bool isReturn, string file, FileState state,
        CancellationToken cancellationToken)
    {
        var kept = spool.PathOf(instance.SeriesKey, known.InstanceKey);
        var former = new FormerHeader(meaning.Header.ToArray(), known.TransferSyntaxUid, state == FileState.Intact ? Content(kept) : null);
        if (await ledger.CountDuplicateAsync(instance.AssociationId, instance.SeriesKey, known.InstanceKey, cancellationToken) is null
            || await headers.TryTakeAsync(instance, known, meaning, former, isReturn, spool.HostId, cancellationToken) is not { } isReopened)
        {
            return null;
        }

        SpoolStore.Discard(kept);
        IngestLog.HeaderTaken(log, instance.SeriesKey, instance.InstanceKey);
        if (isReopened)
        {
            IngestLog.SeriesReopened(log, instance.SeriesKey);
        }
        else if (state != FileState.Intact)
        {
            await ledger.ReviveAsync(instance, cancellationToken);
        }

        return new MeetingOutcome.Changed();
    }

    private async Task<MeetingOutcome> KeepApartAsync(StoredInstance instance, string file, string code, CancellationToken cancellationToken)
    {
        var kept = await quarantine.KeepAsync(file, QuarantineEntry.Of(instance, code), cancellationToken);
        IngestLog.InstanceConflict(log, instance.SeriesKey, kept.Name);
        await ledger.RecordConflictAsync(instance, code, kept, cancellationToken);
        return new MeetingOutcome.Conflict(code);
    }

    private static byte[]? Content(string path)
    {
        using var file = File.OpenRead(path);
        return Part10Scan.Scan(file) is ScanResult.Sound { Header: var header } ? HeaderBytes.Read(file, header) : null;
    }
}
