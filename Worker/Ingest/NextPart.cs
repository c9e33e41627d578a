namespace HSENet.Worker.Ingest;

/// <summary>
/// The file for the next instance of one association, made while the sender reads the answer to the one before: making a file costs as much as writing an
/// instance to it. An association does one operation at a time (PS3.7 D.3.3.3), so nobody else takes it.
/// </summary>
internal sealed class NextPart(SpoolStore spool)
{
    private Task<PartFile>? _ready;

    /// <summary>The file made ahead, or a new one.</summary>
    public PartFile Take()
    {
        if (Interlocked.Exchange(ref _ready, null)?.GetAwaiter().GetResult() is { Failure: null } ready && spool.Take(ready) is { Failure: null } part)
        {
            return part;
        }

        return spool.NewPart();
    }

    public void Prepare() => _ready ??= Task.Run(spool.MakeReady);

    /// <summary>The association is over, or the spool takes no more.</summary>
    public async Task DiscardAsync()
    {
        if (Interlocked.Exchange(ref _ready, null) is { } ready)
        {
            (await ready).Discard();
        }
    }
}
