using System.Collections.Concurrent;
using System.Diagnostics;
using HSENet.Dicom.Receiving;

namespace HSENet.Worker.Ingest;

/// <summary>An association that we accepted, with its counts.</summary>
internal sealed class OpenAssociation(AssociationContext context, SpoolStore spool, Activity? span = null)
{
    /// <summary>More than a series has; whoever is refused more often than that has not sent all either.</summary>
    private const int MaximumUnstored = 5000;

    private readonly ConcurrentDictionary<string, int> _untold = new();
    private readonly ConcurrentDictionary<string, UnstoredInstance> _unstored = new(StringComparer.Ordinal);

    // PS3.4 table B.2-1 and PS3.7 annex C
    private const ushort OutOfResources = 0xA700;
    private const ushort ProcessingFailure = 0x0110;
    private const ushort DuplicateInstance = 0x0111;

    private int _stored;
    private int _duplicates;
    private int _conflicts;
    private int _refused;

    public AssociationContext Context { get; } = context;

    /// <summary>Timestamp of when its peer was last heard of; null while it is open.</summary>
    public long? HeardLast { get; set; }

    /// <summary>Lasts as long as the association; null when nobody traces.</summary>
    public Activity? Span { get; } = span;

    public NextPart Next { get; } = new(spool);

    public (int Stored, int Duplicates, int Conflicts, int Refused) Counts => (_stored, _duplicates, _conflicts, _refused);

    /// <summary>Refusals that have no audit row of their own, by reason code: told together when the association has ended.</summary>
    public IReadOnlyDictionary<string, int> Untold => _untold.ToDictionary();

    /// <summary>What broke off or was answered with a failure, and has not come since.</summary>
    public IReadOnlyCollection<UnstoredInstance> Unstored => [.. _unstored.Values];

    public bool HasUnstored => !_unstored.IsEmpty;

    /// <summary>An instance was answered.</summary>
    /// <param name="sopInstanceUid">Which.</param>
    /// <param name="status">With what.</param>
    /// <param name="seriesKey">Of a failure, as far as what came tells.</param>
    public void Answered(string sopInstanceUid, ushort status, Guid? seriesKey = null)
    {
        // other content under a UID that is here is counted as a conflict of its series
        if (status == DuplicateInstance || status == StoreReply.Success.Status)
        {
            _unstored.TryRemove(sopInstanceUid, out _);
        }
        else
        {
            Lack(new(sopInstanceUid, status is not (OutOfResources or ProcessingFailure), seriesKey));
        }
    }

    /// <summary>An instance did not come whole.</summary>
    public void BrokeOff(string sopInstanceUid, Guid? seriesKey) => Lack(new(sopInstanceUid, IsRefused: false, seriesKey));

    public void CountStored() => Interlocked.Increment(ref _stored);

    public void CountDuplicate() => Interlocked.Increment(ref _duplicates);

    public void CountConflict() => Interlocked.Increment(ref _conflicts);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountUntold(string reason) => _untold.AddOrUpdate(reason, 1, static (_, count) => count + 1);

    private void Lack(UnstoredInstance instance)
    {
        if (_unstored.Count < MaximumUnstored)
        {
            _unstored.AddOrUpdate(
                instance.SopInstanceUid, instance, (_, before) => instance with { SeriesKey = instance.SeriesKey ?? before.SeriesKey });
        }
    }
}
