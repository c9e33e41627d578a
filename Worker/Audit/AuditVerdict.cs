namespace HSENet.Worker.Audit;

/// <summary>What a look at the whole chain gave.</summary>
internal sealed record AuditVerdict
{
    public required AuditHead Head { get; init; }

    public required long SealCount { get; init; }

    /// <summary>Rows that no seal covers yet: the newest ones, and none that the sealer has passed.</summary>
    public required long UnsealedCount { get; init; }

    /// <summary>All faults, also those that are not listed.</summary>
    public required long FaultCount { get; init; }

    /// <summary>The first ones.</summary>
    public required IReadOnlyList<AuditFault> Faults { get; init; }
}
