using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using HSENet.Dicom.Files;
using HSENet.Dicom.Receiving;
using HSENet.Worker.Observability;
using HSENet.Worker.Series;

namespace HSENet.Worker.Ingest;

/// <summary>
/// Decides what becomes of one received instance and answers it. Success means: file synced, in place, its directory synced, and its row
/// committed. Anything else is a failure status, and the sender keeps the instance.
/// </summary>
internal sealed class InstanceStore(
    SpoolStore spool,
    InstanceLedger ledger,
    InstanceMeeting meeting,
    Quarantine quarantine,
    AssociationStore associations,
    SeriesWatch watch,
    WorkerMetrics metrics,
    ILogger<InstanceStore> log)
{
    // PS3.4 table B.2-1 and PS3.7 annex C
    private const ushort OutOfResources = 0xA700;
    private const ushort DataSetDoesNotMatch = 0xA900;
    private const ushort CannotUnderstand = 0xC000;
    private const ushort ProcessingFailure = 0x0110;
    private const ushort DuplicateInstance = 0x0111;
    private const ushort InvalidInstance = 0x0117;

    /// <summary>ENOSPC.</summary>
    internal const int NoSpaceLeft = 28;

    private const int QuotaExceeded = 122;   // EDQUOT

    /// <summary>By key: rows that are being committed and files that get their places.</summary>
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _underWay = new();

    private readonly TroubleFlag _space = new();
    private readonly TroubleFlag _ledger = new();
    private readonly TroubleFlag _disk = new();

    /// <summary>True when less than the minimum is free.</summary>
    public bool IsShort => spool.IsShort;

    public StoreReply RefuseForSpace(OpenAssociation association)
    {
        TellSpaceIsShort();
        return Refused(association, new StoreReply(OutOfResources, "spool is short of space"), "spool.short");
    }

    /// <param name="durable">Ends when the part's bytes are on the disk, or the stream knows why not; never fails.</param>
    public async ValueTask<StoreReply> StoreAsync(
        IncomingInstance incoming, OpenAssociation association, PartFile part, PartStream stream, Task durable, CancellationToken cancellationToken)
    {
        try
        {
            // first: of a part that was not written, or not whole, the look tells nothing
            if (stream.Failure is { } failure)
            {
                return Refused(association, IsOutOfSpace(failure) ? ShortOfSpace() : WriteFailed(failure), IsOutOfSpace(failure) ? "spool.short" : "spool.write");
            }

            var look = PartLook.At(part.Path, stream);

            if (incoming.SopInstanceUid.Length == 0 || incoming.SopClassUid.Length == 0)
            {
                return await QuarantineAsync(incoming, association, part, stream, durable, "command.uid", InvalidInstance, cancellationToken);
            }

            switch (look.Scan)
            {
                case ScanResult.Refused refused:
                    var status = refused.Code == "dicom.uid" ? DataSetDoesNotMatch : CannotUnderstand;
                    return await QuarantineAsync(incoming, association, part, stream, durable, refused.Code, status, cancellationToken);
                case ScanResult.Sound sound when sound.Header.SopInstanceUid != incoming.SopInstanceUid
                    || sound.Header.SopClassUid != incoming.SopClassUid:
                    return await QuarantineAsync(incoming, association, part, stream, durable, "instance.mismatch", DataSetDoesNotMatch, cancellationToken);
                case ScanResult.Sound sound:
                    return await KeepAsync(sound.Header, look, association, part, stream, durable, cancellationToken);
                default:
                    return Refused(association, new StoreReply(ProcessingFailure), "instance.scan");
            }
        }
        catch (Exception e) when (IsOutOfSpace(e))
        {
            return Refused(association, ShortOfSpace(), "spool.short");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Refused(association, WriteFailed(e), "spool.write");
        }
#pragma warning disable CA1031 // whatever failed, it was not stored: the sender must hear so and the association lives on
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (_ledger.Raise())
            {
                IngestLog.LedgerUnavailable(log, e);
            }

            return Refused(association, new StoreReply(OutOfResources, "index is not available"), "ledger.unavailable");
        }
    }

    private async ValueTask<StoreReply> KeepAsync(
        InstanceHeader header, PartLook look, OpenAssociation association, PartFile part, PartStream stream, Task durable, CancellationToken cancellationToken)
    {
        var instance = new StoredInstance
        {
            InstanceKey = part.Key,
            SeriesKey = StoredInstance.KeyOfSeries(header.StudyInstanceUid, header.SeriesInstanceUid),
            AssociationId = association.Context.Id,
            SourceAe = association.Context.CallingAe,
            Header = header,
            Digest = look.Digest,
            HeadDigest = look.HeadDigest,
            Meaning = look.Meaning,
            LengthBytes = stream.Length,
        };

        // Its row may be committed before its bytes and its name are durable: of a row that was never acknowledged the next start gives the part its place when it is
        // whole, and else takes the row back. That the instance is here already is found out with the row, not before: a question less for each of the many that are new.
        var placed = spool.PathOf(instance.SeriesKey, instance.InstanceKey);
        var outcome = await EnterAsync(instance, association, part, stream, durable, cancellationToken);
        while (outcome == LedgerOutcome.Exists)
        {
            // none, or no reply: retention took it away between two questions, or its file did not get its place, and it enters as new
            if (await SettledAsync(instance, cancellationToken) is { } winner
                && await MeetAsync(instance, winner, association, placed, cancellationToken) is { } met)
            {
                return met;
            }

            outcome = await ledger.AddAsync(instance, cancellationToken);
        }

        if (outcome == LedgerOutcome.AddedToReopenedSeries)
        {
            IngestLog.SeriesReopened(log, instance.SeriesKey);
        }

        association.CountStored();
        Heard(association, instance.SeriesKey);
        _space.Lower();
        _ledger.Lower();
        _disk.Lower();
        metrics.InstanceReceived("stored", instance.LengthBytes);
        IngestLog.InstanceStored(log, instance.SeriesKey, instance.InstanceKey);
        return StoreReply.Success;
    }

    /// <summary>Row and durable file at once. Others that meet the row wait until its file has its place, or the row is gone again.</summary>
    private async Task<LedgerOutcome> EnterAsync(
        StoredInstance instance, OpenAssociation association, PartFile part, PartStream stream, Task durable, CancellationToken cancellationToken)
    {
        var underWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _underWay[instance.InstanceKey] = underWay;
        try
        {
            part.MayHaveRow = true;
            var entering = ledger.AddAsync(instance, cancellationToken);
            association.Next.Prepare();
            await durable;
            var misplaced = stream.Failure is { } failure ? ExceptionDispatchInfo.Capture(failure) : Place(part.Path, instance);

            // a failure leaves the file where it is: whether its row was committed is unknown, and the next start finds out
            var outcome = await entering;
            if (misplaced is not null)
            {
                if (outcome != LedgerOutcome.Exists)
                {
                    await ledger.RemoveAsync(instance, CancellationToken.None);
                }

                part.MayHaveRow = false;
                misplaced.Throw();
            }

            part.MayHaveRow = false;
            return outcome;
        }
        finally
        {
            _underWay.TryRemove(instance.InstanceKey, out _);
            underWay.SetResult();
        }
    }

    /// <summary>The row that is here already, once its file has its place; null: it is gone again.</summary>
    private async Task<LedgerEntry?> SettledAsync(StoredInstance instance, CancellationToken cancellationToken)
    {
        var known = await ledger.FindAsync(instance.SeriesKey, instance.Header.SopInstanceUid, cancellationToken);
        if (known is null || !_underWay.TryGetValue(known.InstanceKey, out var other))
        {
            return known;
        }

        await other.Task.WaitAsync(cancellationToken);
        return await ledger.FindAsync(instance.SeriesKey, instance.Header.SopInstanceUid, cancellationToken);
    }

    private ExceptionDispatchInfo? Place(string part, StoredInstance instance)
    {
        try
        {
            spool.Place(part, instance.SeriesKey, instance.InstanceKey);
            return null;
        }
#pragma warning disable CA1031 // thrown again when the row is no longer under way
        catch (Exception e)
#pragma warning restore CA1031
        {
            return ExceptionDispatchInfo.Capture(e);
        }
    }

    /// <summary>The UID is here already.</summary>
    /// <returns>Null when it is not here any more, or not as it was.</returns>
    private async ValueTask<StoreReply?> MeetAsync(
        StoredInstance instance, LedgerEntry known, OpenAssociation association, string file, CancellationToken cancellationToken)
    {
        switch (await meeting.MeetAsync(instance, known, file, cancellationToken))
        {
            case MeetingOutcome.Duplicate:
                association.CountDuplicate();
                Heard(association, instance.SeriesKey);
                metrics.InstanceReceived("duplicate", instance.LengthBytes);
                return StoreReply.Success;
            case MeetingOutcome.Changed:
                association.CountDuplicate();
                Heard(association, instance.SeriesKey);
                metrics.InstanceReceived("header-changed", instance.LengthBytes);
                return StoreReply.Success;
            case MeetingOutcome.Conflict conflict:
                association.CountConflict();
                metrics.InstanceReceived("conflict", instance.LengthBytes);
                return new StoreReply(
                    DuplicateInstance,
                    conflict.Code == InstanceMeeting.RefusedHeaderCode ? "same UID was stored with another header" : "same UID was stored with other content");
            case MeetingOutcome.OutOfDate:
                return Refused(association, new StoreReply(ProcessingFailure, "a newer header is here; send that again"), InstanceMeeting.OutOfDateCode);
            default:
                return null;
        }
    }

    private async ValueTask<StoreReply> QuarantineAsync(
        IncomingInstance incoming,
        OpenAssociation association,
        PartFile part,
        PartStream stream,
        Task durable,
        string code,
        ushort status,
        CancellationToken cancellationToken)
    {
        await durable;
        if (stream.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        var entry = new QuarantineEntry
        {
            Reason = code,
            ContentDigest = SpoolStore.Digest(part.Path, 0),
            SourceAe = association.Context.CallingAe,
            AssociationId = association.Context.Id,
            SopInstanceUid = PlainUid(incoming.SopInstanceUid),
        };
        var kept = await quarantine.KeepAsync(part.Path, entry, cancellationToken);
        IngestLog.InstanceRefused(log, association.Context.Id, code, kept.Name);
        CountRefused(association, code);
        try
        {
            await associations.RecordInstanceRefusalAsync(association.Context, entry.SopInstanceUid, code, kept.Name, cancellationToken);
        }
#pragma warning disable CA1031 // the refusal stands; its number is audited with the association's end
        catch (Exception e)
#pragma warning restore CA1031
        {
            association.CountUntold(code);
            IngestLog.AuditWriteFailed(log, e);
        }

        return new StoreReply(status, code);
    }

    /// <summary>Logged once until something was stored again.</summary>
    public void TellSpaceIsShort()
    {
        if (_space.Raise())
        {
            IngestLog.SpoolShort(log);
        }
    }

    /// <summary>Refused without a trace of its own: the audit tells with the association's end how many there were.</summary>
    private StoreReply Refused(OpenAssociation association, StoreReply reply, string reason)
    {
        watch.TurnedAway(association.Context.CallingAe);
        association.CountUntold(reason);
        CountRefused(association, reason);
        return reply;
    }

    /// <summary>By going on a sender has not ended a series of which it has offered an instance that is not here; nor any, when it is not known whose that was.</summary>
    private void Heard(OpenAssociation association, Guid seriesKey)
    {
        var unstored = association.HasUnstored ? association.Unstored : [];
        if (unstored.Any(u => u.SeriesKey is null))
        {
            watch.Ended(association.Context.Id);
        }
        else
        {
            watch.Heard(association.Context.Id, seriesKey, [.. unstored.Select(u => u.SeriesKey).OfType<Guid>().Distinct()]);
        }
    }

    private void CountRefused(OpenAssociation association, string reason)
    {
        metrics.Refused("instance", reason);
        association.CountRefused();
        metrics.InstanceReceived("refused", 0);
    }

    private StoreReply ShortOfSpace()
    {
        TellSpaceIsShort();
        return new StoreReply(OutOfResources, "spool is full");
    }

    private StoreReply WriteFailed(Exception failure)
    {
        if (_disk.Raise())
        {
            IngestLog.StoreFailed(log, failure);
        }

        return new StoreReply(ProcessingFailure, "spool write failed");
    }

    private static bool IsOutOfSpace(Exception exception) => exception is IOException { HResult: NoSpaceLeft or QuotaExceeded };

    private static string? PlainUid(string uid) => uid.Length is > 0 and <= 64 && uid.All(c => char.IsAsciiDigit(c) || c == '.') ? uid : null;
}
