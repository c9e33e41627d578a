using Microsoft.Extensions.Logging;

namespace HSENet.Dicom.Receiving;

/// <summary>Event ids 1100 to 1199, within the band of ingest.</summary>
internal static partial class ReceivingLog
{
    [LoggerMessage(1100, LogLevel.Debug, "Association {AssociationId} accepted: {CallingAe} from {RemoteHost}")]
    public static partial void AssociationAccepted(this ILogger log, Guid associationId, string callingAe, string remoteHost);

    [LoggerMessage(1101, LogLevel.Debug, "Association rejected ({Result}/{Source}/{Reason}): {CallingAe} from {RemoteHost} called {CalledAe}")]
    public static partial void AssociationRejected(
        this ILogger log, int result, int source, int reason, string callingAe, string calledAe, string remoteHost);

    [LoggerMessage(1102, LogLevel.Debug, "Association {AssociationId} ended: {End}")]
    public static partial void AssociationEnded(this ILogger log, Guid associationId, AssociationEnd end);

    [LoggerMessage(1103, LogLevel.Debug, "Association {AssociationId}: no presentation context for {SopClasses}")]
    public static partial void ContextsRefused(this ILogger log, Guid associationId, string sopClasses);

    [LoggerMessage(1104, LogLevel.Error, "Association {AssociationId}: an instance was not stored, answered {Status:X4}")]
    public static partial void InstanceFailed(this ILogger log, Exception? exception, Guid associationId, ushort status);

    [LoggerMessage(1105, LogLevel.Error, "Association {AssociationId}: the receiver failed")]
    public static partial void ReceiverFailed(this ILogger log, Exception exception, Guid associationId);

    [LoggerMessage(1106, LogLevel.Warning, "Connection from {RemoteHost} closed after {Seconds:F0} s of silence")]
    public static partial void SilentPeer(this ILogger log, string remoteHost, double seconds);

    [LoggerMessage(1107, LogLevel.Warning, "{Count} associations did not answer an abort")]
    public static partial void AbortUnanswered(this ILogger log, int count);

    [LoggerMessage(1108, LogLevel.Debug, "An association could not be aborted")]
    public static partial void AbortFailed(this ILogger log, Exception exception);

    [LoggerMessage(1109, LogLevel.Debug, "Connection from {RemoteHost} broke the protocol: {Fault}")]
    public static partial void ProtocolBroken(this ILogger log, string remoteHost, string fault);

    [LoggerMessage(1110, LogLevel.Warning, "Port {Port} is still taken after the listener stopped")]
    public static partial void PortStillTaken(this ILogger log, int port);

    [LoggerMessage(1111, LogLevel.Debug, "The release of an association could not be confirmed")]
    public static partial void ReleaseUnconfirmed(this ILogger log, Exception exception);
}
