namespace HSENet.Worker.Configuration;

/// <summary>What becomes of an instance that comes again with the same pixels and another header.</summary>
internal enum ChangedHeader
{
    /// <summary>The newest header counts; the former one is kept without its pixels.</summary>
    Take,

    /// <summary>The first header counts; the new one is kept beside it without its pixels.</summary>
    Keep,

    /// <summary>The new one is refused (0111) and quarantined.</summary>
    Refuse,
}

/// <summary>What is taken from senders. Bound from <c>HSENet:Ingest</c>.</summary>
internal sealed class IngestOptions
{
    /// <summary>take, keep or refuse: an instance that comes again with the same pixels and another header. Default take.</summary>
    public string ChangedHeader { get; set; } = "take";

    /// <summary>
    /// take or ignore: a header that was replaced comes again from the AE title that sent the one in its place. Ignore where scanners and
    /// archive send through one title. Default take.
    /// </summary>
    public string FormerHeader { get; set; } = "take";

    /// <summary>Of valid settings.</summary>
    public ChangedHeader OnChangedHeader() => TryGet(out var value) ? value : default;

    public IEnumerable<string> Validate()
    {
        if (!TryGet(out _))
        {
            yield return "HSENet:Ingest:ChangedHeader must be take, keep or refuse";
        }

        if (FormerHeader is not ("take" or "ignore"))
        {
            yield return "HSENet:Ingest:FormerHeader must be take or ignore";
        }
    }

    /// <summary>Of valid settings: whether a former header may count again.</summary>
    public bool TakesFormerHeader => FormerHeader == "take";

    private bool TryGet(out ChangedHeader value)
    {
        value = ChangedHeader switch
        {
            "keep" => Configuration.ChangedHeader.Keep,
            "refuse" => Configuration.ChangedHeader.Refuse,
            _ => Configuration.ChangedHeader.Take,
        };
        return ChangedHeader is "take" or "keep" or "refuse";
    }
}
