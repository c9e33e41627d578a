namespace HSENet.Worker.Audit;

/// <summary>One audit row. Keys and UIDs only: never a patient's name or number.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Actor"><c>ae:TITLE</c>, <c>service</c>, <c>user:NAME</c>.</param>
internal sealed record AuditEvent(AuditKind Kind, AuditOutcome Outcome, string Actor)
{
    public const string Service = "service";

    public Guid? AssociationId { get; init; }

    public Guid? SeriesKey { get; init; }

    public Guid? JobId { get; init; }

    public string? Destination { get; init; }

    public string? StudyUid { get; init; }

    public string? SeriesUid { get; init; }

    public string? SopInstanceUid { get; init; }

    /// <summary>Stable code.</summary>
    public string? Reason { get; init; }

    /// <summary>Numbers and codes; null for none.</summary>
    public IReadOnlyDictionary<string, object?>? Details { get; init; }

    public static string Ae(string title) => $"ae:{title}";

    public static string User(string name) => $"user:{name}";
}
