namespace HSENet.Worker.Audit;

/// <summary>What happened: our stable name, and the DICOM event of PS3.15 A.5 where one fits (event ID, event type, action code).</summary>
/// <param name="Name">Stable dotted name.</param>
/// <param name="DcmCode">Event ID, null for events of our own.</param>
/// <param name="DcmType">Event type, null for none.</param>
/// <param name="Action">C create, R read, U update, D delete, E execute.</param>
internal sealed record AuditKind(string Name, string? DcmCode, string? DcmType, char Action)
{
    public static AuditKind ServiceStarted { get; } = new("service.started", "110100", "110120", 'E');

    public static AuditKind ServiceStopped { get; } = new("service.stopped", "110100", "110121", 'E');

    /// <summary>Somebody checked the chain and found it whole (Audit Log Used, PS3.15 A.5.3.2).</summary>
    public static AuditKind AuditVerified { get; } = new("audit.verified", "110101", null, 'R');

    /// <summary>Somebody took rows out (Audit Log Used).</summary>
    public static AuditKind AuditExported { get; } = new("audit.exported", "110101", null, 'R');

    /// <summary>The chain is not as it was sealed (Security Alert).</summary>
    public static AuditKind AuditBroken { get; } = new("audit.broken", "110113", null, 'E');

    /// <summary>Received files of a series were deleted after their retention (DICOM Study Deleted, for the local copy).</summary>
    public static AuditKind FilesDeleted { get; } = new("spool.deleted", "110105", null, 'D');

    public static AuditKind AssociationRefused { get; } = new("association.refused", "110113", "110126", 'E');

    /// <summary>An association was accepted without any of the presentation contexts that it proposed.</summary>
    public static AuditKind ContextsRefused { get; } = new("association.contexts", null, null, 'E');

    public static AuditKind HandshakeFailed { get; } = new("association.tls-failed", "110113", "110126", 'E');

    public static AuditKind InstancesReceived { get; } = new("instances.received", "110104", null, 'C');

    public static AuditKind InstanceRefused { get; } = new("instance.refused", "110104", null, 'C');

    /// <summary>A request that is no C-STORE was answered with a failure.</summary>
    public static AuditKind MessageRefused { get; } = new("message.refused", "110113", "110126", 'E');

    /// <summary>Connections were closed before there was an association, or for what their peer did.</summary>
    public static AuditKind ConnectionRefused { get; } = new("connection.refused", "110113", "110126", 'E');

    public static AuditKind InstanceConflict { get; } = new("instance.conflict", "110104", null, 'C');

    /// <summary>The same pixels came again with another header, which counts from now on.</summary>
    public static AuditKind HeaderTaken { get; } = new("instance.header-changed", "110104", null, 'U');

    /// <summary>The same pixels came again with another header, which is kept beside the one that counts.</summary>
    public static AuditKind HeaderKept { get; } = new("instance.header-kept", "110104", null, 'C');

    /// <summary>Patient ID, birth date or Study Instance UID of images that are here was changed by their sender (Patient Record).</summary>
    public static AuditKind IdentityCorrected { get; } = new("identity.corrected", "110110", null, 'U');

    /// <summary>Files that were kept apart were deleted.</summary>
    public static AuditKind QuarantineEmptied { get; } = new("quarantine.emptied", null, null, 'D');

    public static AuditKind InstanceRecovered { get; } = new("instance.recovered", "110104", null, 'C');

    public static AuditKind SeriesClosed { get; } = new("series.closed", null, null, 'U');

    public static AuditKind SeriesRefused { get; } = new("series.refused", null, null, 'U');

    public static AuditKind SeriesReopened { get; } = new("series.reopened", null, null, 'U');

    /// <summary>No route matches: nothing is made of it.</summary>
    public static AuditKind SeriesUnrouted { get; } = new("series.unrouted", null, null, 'U');

    /// <summary>Its study's report is made of a better one.</summary>
    public static AuditKind SeriesPassedOver { get; } = new("series.passed-over", null, null, 'U');

    /// <summary>Other routes count from now on, or a wrong change of them was refused (software configuration).</summary>
    public static AuditKind RoutesChanged { get; } = new("routes.changed", "110113", "110131", 'E');

    public static AuditKind JobCreated { get; } = new("job.created", null, null, 'C');

    public static AuditKind JobQueued { get; } = new("job.queued", null, null, 'U');

    /// <summary>The instances are read for inference.</summary>
    public static AuditKind JobStarted { get; } = new("job.started", "110103", null, 'R');

    public static AuditKind JobDrafted { get; } = new("job.drafted", null, null, 'C');

    public static AuditKind JobRetried { get; } = new("job.retried", null, null, 'U');

    public static AuditKind JobFailed { get; } = new("job.failed", null, null, 'U');

    public static AuditKind JobDead { get; } = new("job.dead", null, null, 'U');

    public static AuditKind JobCancelled { get; } = new("job.cancelled", null, null, 'U');

    public static AuditKind DeliveryStarted { get; } = new("delivery.started", "110102", null, 'E');

    public static AuditKind DeliveryStored { get; } = new("delivery.stored", "110104", null, 'R');

    public static AuditKind DeliveryRetried { get; } = new("delivery.retried", "110104", null, 'R');

    public static AuditKind DeliveryFailed { get; } = new("delivery.failed", "110104", null, 'R');

    /// <summary>An operator sends a report again that was given up.</summary>
    public static AuditKind DeliveryRestarted { get; } = new("delivery.restarted", null, null, 'U');

    /// <summary>A report is not sent any more: its images were corrected before.</summary>
    public static AuditKind DeliveryCancelled { get; } = new("delivery.cancelled", null, null, 'U');

    /// <summary>A destination is asked to commit to a report.</summary>
    public static AuditKind CommitmentStarted { get; } = new("commitment.started", null, null, 'E');

    public static AuditKind CommitmentTaken { get; } = new("commitment.committed", null, null, 'U');

    /// <summary>The destination does not keep the report: it is sent again.</summary>
    public static AuditKind CommitmentRefused { get; } = new("commitment.refused", null, null, 'U');

    public static AuditKind CommitmentRetried { get; } = new("commitment.retried", null, null, 'U');

    public static AuditKind CommitmentFailed { get; } = new("commitment.failed", null, null, 'U');

    /// <summary>A sender asks us to commit.</summary>
    public static AuditKind CommitmentRequested { get; } = new("commitment.requested", null, null, 'C');

    public static AuditKind CommitmentRequestRefused { get; } = new("commitment.request-refused", null, null, 'C');

    public static AuditKind CommitmentReported { get; } = new("commitment.reported", null, null, 'U');

    public static AuditKind CommitmentReportRetried { get; } = new("commitment.report-retried", null, null, 'U');

    public static AuditKind CommitmentReportFailed { get; } = new("commitment.report-failed", null, null, 'U');
}

/// <summary>Event outcome indicator of PS3.15 A.5.1.</summary>
internal enum AuditOutcome : short
{
    Success = 0,
    MinorFailure = 4,
    SeriousFailure = 8,
    MajorFailure = 12,
}
