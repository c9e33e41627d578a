using HSENet.Dicom.Receiving;

namespace HSENet.Worker.Ingest;

/// <summary>An association that we accepted, with its counts.</summary>
internal sealed class OpenAssociation(AssociationContext context)
{
    private int _stored;
    private int _duplicates;
    private int _conflicts;
    private int _refused;
    private Task<PartFile>? _next;

    public AssociationContext Context { get; } = context;

    public (int Stored, int Duplicates, int Conflicts, int Refused) Counts => (_stored, _duplicates, _conflicts, _refused);

    /// <summary>The file for the next instance: the one made ready, or a new one.</summary>
    public PartFile TakePart(Func<string> path) =>
        Interlocked.Exchange(ref _next, null) is { } ready && ready.GetAwaiter().GetResult() is { Failure: null } part ? part : PartFile.Create(path());

    /// <summary>Makes a file ready while the sender reads our answer: making one costs as much as writing an instance to it.</summary>
    public void PreparePart(Func<string> path)
    {
        if (_next is null)
        {
            _next = Task.Run(() => PartFile.Create(path()));
        }
    }

    /// <summary>The association is over: what was made ready is not needed.</summary>
    public async Task DiscardPartAsync()
    {
        if (Interlocked.Exchange(ref _next, null) is { } ready)
        {
            (await ready).Discard();
        }
    }

    public void CountStored() => Interlocked.Increment(ref _stored);

    public void CountDuplicate() => Interlocked.Increment(ref _duplicates);

    public void CountConflict() => Interlocked.Increment(ref _conflicts);

    public void CountRefused() => Interlocked.Increment(ref _refused);
}
