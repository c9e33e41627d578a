using System.Collections.Concurrent;
using System.Diagnostics;
using HSENet.Dicom.Receiving;

namespace HSENet.Worker.Ingest;

/// <summary>An association that we accepted, with its counts.</summary>
internal sealed class OpenAssociation(AssociationContext context, SpoolStore spool, Activity? span = null)
{
    /// <summary>More than a series has; whoever is refused more often than that has not sent all either.</summary>
    private const int MaximumTurnedAway = 5000;

    private readonly ConcurrentDictionary<string, int> _untold = new();
    private readonly ConcurrentDictionary<string, byte> _turnedAway = new(StringComparer.Ordinal);

    // PS3.4 table B.2-1 and PS3.7 annex C
    private const ushort OutOfResources = 0xA700;
    private const ushort ProcessingFailure = 0x0110;

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

    /// <summary>SOP Instance UIDs that were answered with "come back later" and have not come since.</summary>
    public IReadOnlyCollection<string> TurnedAway => [.. _turnedAway.Keys];

    public bool HasTurnedAway => !_turnedAway.IsEmpty;

    /// <summary>An instance was answered.</summary>
    public void Answered(string sopInstanceUid, ushort status)
    {
        if (status is OutOfResources or ProcessingFailure)
        {
            if (sopInstanceUid.Length > 0 && _turnedAway.Count < MaximumTurnedAway)
            {
                _turnedAway[sopInstanceUid] = 0;
            }
        }
        else
        {
            _turnedAway.TryRemove(sopInstanceUid, out _);
        }
    }

    public void CountStored() => Interlocked.Increment(ref _stored);

    public void CountDuplicate() => Interlocked.Increment(ref _duplicates);

    public void CountConflict() => Interlocked.Increment(ref _conflicts);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountUntold(string reason) => _untold.AddOrUpdate(reason, 1, static (_, count) => count + 1);
}
