namespace HSENet.Worker.Audit;

/// <summary>A seal and the row that it is of.</summary>
internal sealed record SealedRow
{
    public required long Seq { get; init; }

    public required long EventId { get; init; }

    public required byte[] RowHash { get; init; }

    public required byte[] Chain { get; init; }

    /// <summary>Null when there is none under this number and time.</summary>
    public AuditRow? Row { get; init; }
}
