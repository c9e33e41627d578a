namespace HSENet.Worker.Audit;

/// <summary>An audit row as it is hashed: every column as text.</summary>
internal sealed record AuditRow
{
    /// <summary>Microseconds since 1970, UTC.</summary>
    public required long AtMicroseconds { get; init; }

    public required string Event { get; init; }

    public string? DcmCode { get; init; }

    public string? DcmType { get; init; }

    public required string Action { get; init; }

    public required short Outcome { get; init; }

    public required string Actor { get; init; }

    public Guid? AssociationId { get; init; }

    public Guid? SeriesKey { get; init; }

    public Guid? JobId { get; init; }

    public string? Destination { get; init; }

    public string? StudyUid { get; init; }

    public string? SeriesUid { get; init; }

    public string? SopInstanceUid { get; init; }

    public string? Reason { get; init; }

    /// <summary>As written, not as JSON.</summary>
    public required string Details { get; init; }
}
