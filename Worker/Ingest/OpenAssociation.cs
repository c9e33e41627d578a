using System.Collections.Concurrent;
using System.Diagnostics;
using HSENet.Dicom.Receiving;

namespace HSENet.Worker.Ingest;

/// <summary>An association that we accepted, with its counts.</summary>
internal sealed class OpenAssociation(AssociationContext context, SpoolStore spool, Activity? span = null)
{
    private readonly ConcurrentDictionary<string, int> _untold = new();
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

    public void CountStored() => Interlocked.Increment(ref _stored);

    public void CountDuplicate() => Interlocked.Increment(ref _duplicates);

    public void CountConflict() => Interlocked.Increment(ref _conflicts);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountUntold(string reason) => _untold.AddOrUpdate(reason, 1, static (_, count) => count + 1);
}
