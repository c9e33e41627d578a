using HSENet.Worker.Observability;

namespace HSENet.Worker.Ingest;

/// <summary>Log messages of receiving. No UIDs above Debug, no patient data at all.</summary>
internal static partial class IngestLog
{
    [LoggerMessage(EventIds.Listening, LogLevel.Information, "listening AE {AeTitle} port {Port}")]
    public static partial void Listening(ILogger log, string aeTitle, int port);

    [LoggerMessage(EventIds.ListeningTls, LogLevel.Information, "listening AE {AeTitle} port {Port} TLS, {ClientPolicy}")]
    public static partial void ListeningTls(ILogger log, string aeTitle, int port, string clientPolicy);

    [LoggerMessage(EventIds.HandshakeFailed, LogLevel.Warning, "{Code}: TLS handshake with {RemoteHost} failed: {Detail} ({Untold} more since told)")]
    public static partial void HandshakeFailed(ILogger log, string remoteHost, string code, string detail, int untold);

    [LoggerMessage(EventIds.HandshakeAbandoned, LogLevel.Debug, "{RemoteHost} left during the TLS handshake")]
    public static partial void HandshakeAbandoned(ILogger log, string remoteHost);

    [LoggerMessage(EventIds.CertificateTime, LogLevel.Warning, "tls.certificate: {Problem}")]
    public static partial void CertificateTime(ILogger log, string problem);

    [LoggerMessage(EventIds.AssociationOpened, LogLevel.Debug, "Association {AssociationId} opened by {CallingAe}")]
    public static partial void AssociationOpened(ILogger log, Guid associationId, string callingAe);

    [LoggerMessage(EventIds.AssociationRejected, LogLevel.Warning, "Association of {CallingAe} at {RemoteHost} rejected: {Reason} ({Untold} more since told)")]
    public static partial void AssociationRejected(ILogger log, string callingAe, string remoteHost, string reason, int untold);

    [LoggerMessage(
        EventIds.NothingAccepted,
        LogLevel.Warning,
        "association.contexts: {CallingAe} at {RemoteHost} proposed nothing that is taken ({Untold} more since told)")]
    public static partial void NothingAccepted(ILogger log, string callingAe, string remoteHost, int untold);

    [LoggerMessage(EventIds.ConnectionRefused, LogLevel.Warning, "{Code}: connection of {RemoteHost} closed: {Detail} ({Untold} more since told)")]
    public static partial void ConnectionRefused(ILogger log, string remoteHost, string code, string detail, int untold);

    [LoggerMessage(EventId = EventIds.AssociationClosed,
        Message = "Association {AssociationId} {Ending}: {Stored} stored, {Duplicates} duplicates, {Conflicts} conflicts, {Refused} refused")]
    public static partial void AssociationClosed(
        ILogger log, LogLevel level, Guid associationId, string ending, int stored, int duplicates, int conflicts, int refused);

    [LoggerMessage(EventIds.InstanceStored, LogLevel.Debug, "Series {SeriesKey} has instance {InstanceKey}")]
    public static partial void InstanceStored(ILogger log, Guid seriesKey, Guid instanceKey);

    [LoggerMessage(EventIds.InstanceRestored, LogLevel.Debug, "Series {SeriesKey}: the file of instance {InstanceKey} was missing or damaged and came again")]
    public static partial void InstanceRestored(ILogger log, Guid seriesKey, Guid instanceKey);

    [LoggerMessage(EventIds.HeaderTaken, LogLevel.Debug, "Series {SeriesKey}: instance {InstanceKey} came again with another header")]
    public static partial void HeaderTaken(ILogger log, Guid seriesKey, Guid instanceKey);

    [LoggerMessage(EventIds.InstanceRefused, LogLevel.Debug, "Association {AssociationId}: an instance was refused, {Code}; quarantine {Name}")]
    public static partial void InstanceRefused(ILogger log, Guid associationId, string code, string name);

    [LoggerMessage(EventIds.InstanceConflict, LogLevel.Debug, "Series {SeriesKey}: a UID came again with other content; quarantine {Name}")]
    public static partial void InstanceConflict(ILogger log, Guid seriesKey, string name);

    [LoggerMessage(EventIds.SpoolShort, LogLevel.Error, "spool.short: less than HSENet:Spool:MinimumFreeSpace is free; nothing is accepted")]
    public static partial void SpoolShort(ILogger log);

    [LoggerMessage(EventIds.StoreFailed, LogLevel.Error, "spool.write: an instance could not be written")]
    public static partial void StoreFailed(ILogger log, Exception exception);

    [LoggerMessage(EventIds.LedgerUnavailable, LogLevel.Error, "ledger.unavailable: nothing is accepted until the database answers")]
    public static partial void LedgerUnavailable(ILogger log, Exception exception);

    [LoggerMessage(EventIds.AuditWriteFailed, LogLevel.Error, "audit.write: a refusal could not be audited")]
    public static partial void AuditWriteFailed(ILogger log, Exception exception);

    [LoggerMessage(EventIds.SpoolReconciled, LogLevel.Information,
        "Spool reconciled: {PartCount} partial files removed, {PlacedCount} whole ones put in place, {TakenBackCount} unfinished instances taken back, {IndexedCount} files indexed, {DuplicateCount} duplicates removed, {QuarantinedCount} quarantined, {AssociationCount} associations closed")]
    public static partial void SpoolReconciled(
        ILogger log, int partCount, int placedCount, int takenBackCount, int indexedCount, int duplicateCount, int quarantinedCount, int associationCount);

    [LoggerMessage(EventIds.SpoolFileUnread, LogLevel.Error, "spool.unread: a file of the spool could not be read ({ExceptionType}) and is left for the next start: {InstanceKey}")]
    public static partial void SpoolFileUnread(ILogger log, string exceptionType, Guid? instanceKey);

    [LoggerMessage(EventIds.SeriesReopened, LogLevel.Information, "Series {SeriesKey} reopened by a late instance")]
    public static partial void SeriesReopened(ILogger log, Guid seriesKey);

    [LoggerMessage(
        EventIds.DatabaseIsOlder,
        LogLevel.Warning,
        "The database is older than its spool (restored from an earlier state, or the last start ended halfway): what it does not know is indexed, and reports that were sent are sent again as they are")]
    public static partial void DatabaseIsOlder(ILogger log);
}
