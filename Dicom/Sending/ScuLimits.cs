namespace HSENet.Dicom.Sending;

/// <summary>How long a requestor waits for what.</summary>
internal sealed record ScuLimits
{
    public static ScuLimits Default { get; } = new();

    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the answer to the association request.</summary>
    public TimeSpan Associate { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For each response.</summary>
    public TimeSpan Response { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>For all that is sent on one association, however the peer answers.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan Release { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For an abort to leave.</summary>
    public TimeSpan Abort { get; init; } = TimeSpan.FromSeconds(5);
}
