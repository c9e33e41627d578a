namespace HSENet.Worker.Audit;

/// <summary>Which rows are wanted; what is null does not restrict.</summary>
internal sealed record AuditFilter
{
    /// <summary>The first moment.</summary>
    public DateTime? From { get; init; }

    /// <summary>The first moment that is not wanted any more.</summary>
    public DateTime? To { get; init; }

    public string? StudyUid { get; init; }

    public string? SeriesUid { get; init; }

    public Guid? JobId { get; init; }

    /// <summary>Our name of the event, such as <c>delivery.stored</c>.</summary>
    public string? Event { get; init; }
}
